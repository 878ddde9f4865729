package io.flatview.dispatch.pagetable;

/**
 * The storage of one generation of one view: {@code phys_map_nodes} and {@code phys_sections}. A {@link PhysPageMap} is
 * the only way in, so that a root is never used with the storage of another generation.
 */
final class PhysPageTable {

  /** The number of the section that answers for every hole. */
  static final int PHYS_SECTION_UNASSIGNED = 0;

  private final int[] nodes;
  private final int nodeCount;
  private final PhysSection[] sections;

  /** {@code nodes} holds 512 entries for each node. */
  PhysPageTable(int[] nodes, int nodeCount, PhysSection[] sections) {
    this.nodes = nodes;
    this.nodeCount = nodeCount;
    this.sections = sections;
  }

  int entry(int node, int index) {
    return nodes[node * PhysPageEntry.L2_SIZE + index];
  }

  PhysSection section(int number) {
    return sections[number];
  }

  int nodeCount() {
    return nodeCount;
  }

  int sectionCount() {
    return sections.length;
  }

  int subPageCount() {
    int count = 0;
    for (PhysSection section : sections) {
      count += section.subPage == null ? 0 : 1;
    }
    return count;
  }

  /** Roughly how much heap the table takes, without the region sections it shares with the view. */
  long bytes() {
    long bytes = 4L * nodes.length + 4L * sections.length;
    for (PhysSection section : sections) {
      bytes += 80 + (section.subPage == null ? 0 : section.subPage.bytes());
    }
    return bytes;
  }
}
