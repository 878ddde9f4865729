package io.flatview.dispatch.view;

import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * What a listener is told when one view replaces another: QEMU's two passes over both, as data.
 *
 * @param removed sections that go away or change, in ascending address order
 * @param second sections that appear or stay, in ascending address order
 */
public record ViewDiff(List<MemoryRegionSection> removed, List<Step> second) {

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
   * A section stays; its dirty mask may change.
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
    List<MemoryRegionSection> old = before.sections();
    List<MemoryRegionSection> now = after.sections();
    List<MemoryRegionSection> removed = new ArrayList<>();
    List<Step> second = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      int order = order(old, i, now, j);
      if (order == 0 && old.get(i).sameMapping(now.get(j))) {
        second.add(new Kept(old.get(i++), now.get(j++)));
      } else if (order <= 0) {
        removed.add(old.get(i++));
      } else {
        second.add(new Added(now.get(j++)));
      }
    }
    return new ViewDiff(removed, second);
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
    return second.stream().filter(Added.class::isInstance).map(Step::section).toList();
  }
}
