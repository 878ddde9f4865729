package io.flatview.dispatch.view;

import io.flatview.dispatch.few.Few;
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

  /** Consecutive sections of the old view, and the windows that overlap or touch them. */
  private record Group(List<MemoryRegionSection> old, Extents windows) {

    /** The lowest address of the old sections; of the windows if there are none. */
    long first() {
      return old.isEmpty() ? windows.first(0) : old.getFirst().range().first();
    }

    /** The highest address of the old sections; of the windows if there are none. */
    long last() {
      return old.isEmpty() ? windows.last(0) : old.getLast().range().last();
    }

    /** Whether the next group begins with a section of this group. */
    boolean shares(Group next) {
      return !old.isEmpty() && !next.old.isEmpty() && reaches(next.old.getFirst());
    }

    private boolean reaches(MemoryRegionSection section) {
      return Long.compareUnsigned(section.range().first(), last()) <= 0;
    }

    /** This group and one that begins with a section of this group; both are used up. */
    Group with(Group next) {
      List<MemoryRegionSection> all = old;
      for (MemoryRegionSection section : next.old) {
        if (!reaches(section)) {
          all = Few.with(all, section);
        }
      }
      windows.add(next.windows.first(0), next.windows.last(0));
      return new Group(all, windows);
    }
  }

  private final ViewRoot root;
  private final RenderedView view;
  private final SectionTree before;

  /** The sections after the groups that were applied so far. */
  private SectionTree after;

  private ViewPatch(ViewRoot root, RenderedView view) {
    this.root = root;
    this.view = view;
    this.before = view.tree();
    this.after = before;
  }

  /** Renders the dirty windows, which are offsets of the view root's region. */
  static Refreshed patch(ViewRoot root, RenderedView view, Extents dirty) {
    ViewPatch patch = new ViewPatch(root, view);
    Extents windows = patch.addresses(dirty);
    if (windows.count() == 1) {
      return patch.refreshed(patch.apply(patch.widened(windows)));
    }
    Extents widened = patch.allWidened(windows);
    return widened.count() > FEW && widened.count() * 8 > patch.before.size()
        ? patch.renderWhole()
        : patch.refreshed(patch.apply(patch.groups(widened)));
  }

  private Refreshed renderWhole() {
    RenderedView whole = Rendering.rendered(root);
    return whole.sameAs(view)
        ? new Refreshed(view, ViewDiff.NONE)
        : new Refreshed(whole, ViewDiff.between(view, whole));
  }

  private Refreshed refreshed(ViewDiff diff) {
    return after == before
        ? new Refreshed(view, ViewDiff.NONE)
        : new Refreshed(new RenderedView(root, after), diff);
  }

  /** Converts dirty offsets to addresses: mostly the same. */
  private Extents addresses(Extents dirty) {
    VisiblePart whole = root.part();
    long lastOffset = whole.offsetOfLast();
    long shift = whole.first() - whole.offset();
    if (shift == 0 && Long.compareUnsigned(dirty.first(0), whole.offset()) >= 0
        && Long.compareUnsigned(dirty.last(dirty.count() - 1), lastOffset) <= 0) {
      return dirty;
    }
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

  private Extents allWidened(Extents windows) {
    Extents widened = new Extents();
    for (int i = 0; i < windows.count(); i++) {
      Extents window = widened(Extents.of(windows.first(i), windows.last(i))).windows();
      widened.add(window.first(0), window.last(0));
    }
    return widened;
  }

  /** Widens a window by the unmergeable sections at its ends. */
  private Group widened(Extents window) {
    Group around = around(window);
    long first = window.first(0);
    long last = window.last(0);
    long from = widenedDown(around.old(), first);
    long to = widenedUp(around.old(), last);
    return from == first && to == last ? around : around(Extents.of(from, to));
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

  private Group around(Extents window) {
    return new Group(before.touching(window.first(0), window.last(0)), window);
  }

  /** Groups the windows: windows that share a section are in one group. */
  private List<Group> groups(Extents windows) {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      Group next = around(Extents.of(windows.first(i), windows.last(i)));
      if (!groups.isEmpty() && groups.getLast().shares(next)) {
        groups.set(groups.size() - 1, groups.getLast().with(next));
      } else {
        groups.add(next);
      }
    }
    return groups;
  }

  private ViewDiff apply(List<Group> groups) {
    return ViewDiff.chain(groups.stream().map(this::apply).toList());
  }

  /** Replaces the sections of a group, unless they are the same; returns their difference. */
  private ViewDiff apply(Group group) {
    List<MemoryRegionSection> now = rendered(group.old(), group.windows());
    if (group.old().size() == now.size() && group.old().equals(now)) {
      return ViewDiff.NONE;
    }
    after = after.replace(group.first(), group.last(), now);
    return ViewDiff.between(group.old(), now);
  }

  private List<MemoryRegionSection> rendered(List<MemoryRegionSection> old, Extents windows) {
    List<MemoryRegionSection> pieces = new ArrayList<>(old.size() + windows.count());
    for (int i = 0; i < old.size(); i++) {
      addOutside(old.get(i), windows, pieces);
    }
    for (int i = 0; i < windows.count(); i++) {
      ViewRenderer.render(root, windows.first(i), windows.last(i), pieces);
    }
    return Joining.joined(pieces);
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
