package io.flatview.dispatch.view;

import io.flatview.dispatch.few.Few;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two views, in the form in which listeners are called for it: QEMU's two passes over both views, as
 * lists without unchanged sections.
 *
 * <p>A section that changes more than its dirty mask goes away in its old form and appears in its new one.
 *
 * @param removed the sections that go away, in ascending address order
 * @param kept the sections that stay and change their dirty mask, in ascending address order
 * @param added the sections that appear, in ascending address order
 */
public record ViewDiff(List<MemoryRegionSection> removed, List<Kept> kept, List<MemoryRegionSection> added) {

  /** The difference of equal views. */
  public static final ViewDiff NONE = new ViewDiff(List.of(), List.of(), List.of());

  /** Keeps copies that never change, which a {@link io.flatview.memory.MapChange} need not copy. */
  public ViewDiff {
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
    added = List.copyOf(added);
  }

  /** A step of the second pass. */
  public sealed interface Step {
    /**
     * The section in the new view.
     *
     * @return the section in the new view
     */
    MemoryRegionSection section();
  }

  /**
   * A section appears.
   *
   * @param section the section in the new view
   */
  public record Added(MemoryRegionSection section) implements Step {}

  /**
   * A section stays, and its dirty mask changes.
   *
   * @param before the section in the old view
   * @param section the section in the new view
   */
  public record Kept(MemoryRegionSection before, MemoryRegionSection section) implements Step {

    private boolean isBefore(MemoryRegionSection other) {
      return Long.compareUnsigned(section.range().first(), other.range().first()) < 0;
    }
  }

  /**
   * Compares two views.
   *
   * @param before the old view
   * @param after the new view
   * @return the difference
   */
  public static ViewDiff between(FlatView before, FlatView after) {
    return before == after ? NONE : between(List.copyOf(before.sections()), List.copyOf(after.sections()));
  }

  static ViewDiff between(List<MemoryRegionSection> old, List<MemoryRegionSection> now) {
    List<MemoryRegionSection> removed = List.of();
    List<Kept> kept = List.of();
    List<MemoryRegionSection> added = List.of();
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      int order = order(old, i, now, j);
      if (order == 0 && old.get(i).sameMapping(now.get(j))) {
        kept = keep(kept, old.get(i++), now.get(j++));
      } else if (order <= 0) {
        removed = Few.with(removed, old.get(i++));
      } else {
        added = Few.with(added, now.get(j++));
      }
    }
    return new ViewDiff(removed, kept, added);
  }

  private static List<Kept> keep(List<Kept> kept, MemoryRegionSection before, MemoryRegionSection section) {
    return before.attributes().dirtyLogMask() == section.attributes().dirtyLogMask()
        ? kept
        : Few.with(kept, new Kept(before, section));
  }

  /**
   * The second pass.
   *
   * @return the sections that appear, or stay and change their dirty mask, in ascending address order
   */
  public List<Step> second() {
    List<Step> steps = new ArrayList<>(kept.size() + added.size());
    int i = 0;
    for (MemoryRegionSection section : added) {
      while (i < kept.size() && kept.get(i).isBefore(section)) {
        steps.add(kept.get(i++));
      }
      steps.add(new Added(section));
    }
    steps.addAll(kept.subList(i, kept.size()));
    return steps;
  }

  /** Several differences, in ascending order, as one. */
  static ViewDiff chain(List<ViewDiff> diffs) {
    return diffs.size() == 1
        ? diffs.getFirst()
        : new ViewDiff(
            diffs.stream().flatMap(diff -> diff.removed.stream()).toList(),
            diffs.stream().flatMap(diff -> diff.kept.stream()).toList(),
            diffs.stream().flatMap(diff -> diff.added.stream()).toList());
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
}
