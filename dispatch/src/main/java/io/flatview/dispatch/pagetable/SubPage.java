package io.flatview.dispatch.pagetable;

import java.util.Arrays;

/**
 * Which section holds which byte of a page that several share: runs of offsets, each with the number of its section.
 * Filled by the builder, then only read.
 */
final class SubPage {

  /** The first offset of each run, ascending; the first is 0. */
  private int[] starts = {0};

  /** The section of each run. */
  private int[] sections = {PhysPageTable.PHYS_SECTION_UNASSIGNED};

  int sectionAt(int offset) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return sections[low];
  }

  /** Gives a run to a section. Runs come in ascending order, as the view has them. */
  void assign(int firstOffset, int lastOffset, int pageSize, int section) {
    int at = starts.length - 1;
    if (starts[at] < firstOffset) {
      append(firstOffset, section);
    } else {
      sections[at] = section;
    }
    if (lastOffset + 1 < pageSize) {
      append(lastOffset + 1, PhysPageTable.PHYS_SECTION_UNASSIGNED);
    }
  }

  private void append(int start, int section) {
    starts = Arrays.copyOf(starts, starts.length + 1);
    sections = Arrays.copyOf(sections, sections.length + 1);
    starts[starts.length - 1] = start;
    sections[sections.length - 1] = section;
  }

  long bytes() {
    return 8L * starts.length;
  }
}
