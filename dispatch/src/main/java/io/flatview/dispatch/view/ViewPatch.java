package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.dispatch.view.Rendering.Refreshed;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders the dirty windows of a view again, and replaces the sections there.
 *
 * <h2>Why the result is the view that a full rendering makes</h2>
 *
 * <p>The region that answers at an address depends on that address alone, so a rendering cut to a window finds the
 * right region at each address of it. Only the ends of sections can differ. Sections that can be joined are joined,
 * also across the window's edge, and the outcome does not depend on where they were cut. Unmergeable sections are not
 * joined, so a window must not cut one: a window that begins or ends in or next to an unmergeable section is widened to
 * include it. Beyond the widened edge nothing has changed, so if two unmergeable sections meet at that edge, they met
 * there before.
 */
final class ViewPatch {

  /** The whole view is rendered if there are more windows than this, and more than one for each 8 sections. */
  private static final int FEW = 16;

  private static final int FEW_SECTIONS = 3;

  /** Consecutive sections of the old view, and the windows that overlap or touch them. */
  private record Group(int from, List<MemoryRegionSection> old, Extents windows) {

    int to() {
      return from + old.size();
    }

    /** Joins this group with one that begins with a section of this group. */
    void take(Group next) {
      old.addAll(next.old.subList(Math.min(to() - next.from, next.old.size()), next.old.size()));
      windows.add(next.windows.first(0), next.windows.last(0));
    }
  }

  private final ViewRoot root;
  private final SectionTree before;

  private ViewPatch(Rendering rendering) {
    root = rendering.root();
    before = rendering.view().tree();
  }

  /** Renders the dirty windows, which are offsets of the view root's region. */
  static Refreshed patch(Rendering rendering, Extents dirty) {
    ViewPatch patch = new ViewPatch(rendering);
    Extents windows = patch.addresses(dirty);
    if (windows.count() == 1) {
      return patch.apply(rendering, List.of(patch.widened(windows.first(0), windows.last(0))));
    }
    Extents widened = patch.widened(windows);
    return widened.count() > FEW && widened.count() * 8 > patch.before.size()
        ? patch.renderWhole(rendering)
        : patch.apply(rendering, patch.groups(widened));
  }

  private Refreshed renderWhole(Rendering rendering) {
    RenderedView whole = Rendering.rendered(root);
    return whole.sameAs(rendering.view())
        ? new Refreshed(rendering, ViewDiff.NONE)
        : new Refreshed(new Rendering(root, whole), ViewDiff.between(rendering.view(), whole));
  }

  /** Converts dirty offsets to addresses. */
  private Extents addresses(Extents dirty) {
    VisiblePart whole = root.part();
    long lastOffset = whole.offset() + (whole.last() - whole.first());
    long shift = whole.first() - whole.offset();
    Extents addresses = new Extents();
    for (int i = 0; i < dirty.count(); i++) {
      long from = Unsigned.max(dirty.first(i), whole.offset());
      long to = Unsigned.min(dirty.last(i), lastOffset);
      if (Long.compareUnsigned(from, to) <= 0) {
        addresses.add(from + shift, to + shift);
      }
    }
    return addresses;
  }

  private Extents widened(Extents windows) {
    Extents widened = new Extents();
    for (int i = 0; i < windows.count(); i++) {
      Extents window = widened(windows.first(i), windows.last(i)).windows();
      widened.add(window.first(0), window.last(0));
    }
    return widened;
  }

  /** Widens a window by the unmergeable sections at its ends. */
  private Group widened(long first, long last) {
    Group around = around(first, last);
    long from = widenedDown(around.old(), first);
    long to = widenedUp(around.old(), last);
    return from == first && to == last ? around : around(from, to);
  }

  private static long widenedDown(List<MemoryRegionSection> touching, long first) {
    MemoryRegionSection below = first == 0 || touching.isEmpty() ? null : touching.getFirst();
    return below != null && below.attributes().unmergeable() && below.range().contains(first - 1)
        ? below.range().first()
        : first;
  }

  private static long widenedUp(List<MemoryRegionSection> touching, long last) {
    MemoryRegionSection above = last == -1 || touching.isEmpty() ? null : touching.getLast();
    return above != null && above.attributes().unmergeable() && above.range().contains(last + 1)
        ? above.range().last()
        : last;
  }

  private Group around(long first, long last) {
    Extents window = new Extents();
    window.add(first, last);
    List<MemoryRegionSection> old = new ArrayList<>(FEW_SECTIONS);
    return new Group(before.touching(first, last, old), old, window);
  }

  /** Groups the windows: windows that share a section are in one group. */
  private List<Group> groups(Extents windows) {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      Group next = around(windows.first(i), windows.last(i));
      if (groups.isEmpty() || next.from() >= groups.getLast().to()) {
        groups.add(next);
      } else {
        groups.getLast().take(next);
      }
    }
    return groups;
  }

  /**
   * Replaces the sections of each group, from the last group to the first, so that the indexes of earlier groups stay
   * valid.
   */
  private Refreshed apply(Rendering rendering, List<Group> groups) {
    SectionTree after = before;
    List<ViewDiff> diffs = new ArrayList<>(groups.size());
    for (int i = groups.size() - 1; i >= 0; i--) {
      Group group = groups.get(i);
      List<MemoryRegionSection> now = rendered(group.old(), group.windows());
      if (!group.old().equals(now)) {
        after = after.replace(group.from(), group.to(), now);
        diffs.add(ViewDiff.between(group.old(), now));
      }
    }
    return after == before
        ? new Refreshed(rendering, ViewDiff.NONE)
        : new Refreshed(new Rendering(root, new RenderedView(root, after)), ViewDiff.chain(diffs.reversed()));
  }

  private List<MemoryRegionSection> rendered(List<MemoryRegionSection> old, Extents windows) {
    List<MemoryRegionSection> pieces = new ArrayList<>(old.size() + windows.count());
    for (int i = 0; i < old.size(); i++) {
      addOutside(old.get(i), windows, pieces);
    }
    for (int i = 0; i < windows.count(); i++) {
      pieces.addAll(ViewRenderer.render(root, windows.first(i), windows.last(i)));
    }
    if (pieces.size() > 1) {
      pieces.sort(SectionFiller.BY_ADDRESS);
    }
    return Joining.join(pieces);
  }

  /** Adds the parts of a section that no window covers. */
  private static void addOutside(MemoryRegionSection section, Extents windows, List<MemoryRegionSection> pieces) {
    long next = section.range().first();
    long last = section.range().last();
    for (int i = 0; i < windows.count(); i++) {
      if (Long.compareUnsigned(windows.last(i), next) < 0) {
        continue;
      }
      if (Long.compareUnsigned(windows.first(i), last) > 0) {
        break;
      }
      if (Long.compareUnsigned(windows.first(i), next) > 0) {
        pieces.add(part(section, next, windows.first(i) - 1));
      }
      if (Long.compareUnsigned(windows.last(i), last) >= 0) {
        return;
      }
      next = windows.last(i) + 1;
    }
    pieces.add(part(section, next, last));
  }

  private static MemoryRegionSection part(MemoryRegionSection section, long first, long last) {
    return first == section.range().first() && last == section.range().last()
        ? section
        : new MemoryRegionSection(
            new AddressRange(first, last), section.region(), section.offsetOf(first), section.attributes());
  }
}
