package io.flatview.dispatch.view;

import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a listener is told when one view replaces another: QEMU's two passes over both, as data, without the sections
 * that stay as they are.
 *
 * @param removed sections that go away or change, in ascending address order
 * @param second sections that appear, or stay and change their dirty mask, in ascending address order
 */
public record ViewDiff(List<MemoryRegionSection> removed, List<Step> second) {

  static final ViewDiff NONE = new ViewDiff(List.of(), List.of());

  /** A step of the second pass. */
  public sealed interface Step {
    /**
     * The section as it stands in the new view.
     *
     * @return the section
     */
    MemoryRegionSection section();
  }

  /**
   * A section appears.
   *
   * @param section as it stands in the new view
   */
  public record Added(MemoryRegionSection section) implements Step {}

  /**
   * A section stays, and its dirty mask may change.
   *
   * @param before as it stood in the old view
   * @param section as it stands in the new view
   */
  public record Kept(MemoryRegionSection before, MemoryRegionSection section) implements Step {}

  /**
   * Compares two views.
   *
   * @param before the old one
   * @param after the new one
   * @return the difference
   */
  public static ViewDiff between(FlatView before, FlatView after) {
    return before == after ? NONE : between(List.copyOf(before.sections()), List.copyOf(after.sections()));
  }

  static ViewDiff between(List<MemoryRegionSection> old, List<MemoryRegionSection> now) {
    List<MemoryRegionSection> removed = new ArrayList<>();
    List<Step> second = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      int order = order(old, i, now, j);
      if (order == 0 && old.get(i).sameMapping(now.get(j))) {
        keep(old.get(i++), now.get(j++), second);
      } else if (order <= 0) {
        removed.add(old.get(i++));
      } else {
        second.add(new Added(now.get(j++)));
      }
    }
    return new ViewDiff(removed, second);
  }

  private static void keep(MemoryRegionSection before, MemoryRegionSection section, List<Step> second) {
    if (before.attributes().dirtyLogMask() != section.attributes().dirtyLogMask()) {
      second.add(new Kept(before, section));
    }
  }

  /** Several differences, in ascending order, as one. */
  static ViewDiff chain(List<ViewDiff> diffs) {
    return diffs.size() == 1
        ? diffs.getFirst()
        : new ViewDiff(
            diffs.stream().flatMap(diff -> diff.removed.stream()).toList(),
            diffs.stream().flatMap(diff -> diff.second.stream()).toList());
  }

  private static int order(List<MemoryRegionSection> old, int i, List<MemoryRegionSection> now, int j) {
    if (i == old.size()) {
      return 1;
    }
    if (j == now.size()) {
      return -1;
    }
    return Long.compareUnsigned(old.get(i).range().first(), now.get(j).range().first());
  }

  /**
   * The sections that appear or changed.
   *
   * @return in ascending address order
   */
  public List<MemoryRegionSection> added() {
    List<MemoryRegionSection> added = new ArrayList<>(second.size());
    for (Step step : second) {
      if (step instanceof Added) {
        added.add(step.section());
      }
    }
    return Collections.unmodifiableList(added);
  }
}
