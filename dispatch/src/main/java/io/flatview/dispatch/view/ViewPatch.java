package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Extents;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders some windows of a view anew and puts them in the place of what was there.
 *
 * <h2>Why the result is the view that a full rendering makes</h2>
 *
 * <p>Who answers at an address depends on that address alone, so a rendering cut to a window finds who answers in it.
 * What differs is where sections end. Neighbours that can be joined are joined, also across the window's edge, and the
 * outcome does not depend on how they were cut. Neighbours of an unmergeable region are not, so a window must not cut
 * one: it is widened by the unmergeable section that it begins or ends next to. Nothing beyond that edge can have
 * changed, and two unmergeable sections that meet there met there before.
 */
final class ViewPatch {

  /** Above so many windows for each 8 sections, the whole view is rendered. */
  private static final int FEW = 16;

  /** Sections {@code from..to-1} of the old view, and the windows that they meet or touch. */
  private record Group(int from, int to, Extents windows) {}

  private final ViewRoot root;
  private final SectionTree before;

  private ViewPatch(Rendering rendering) {
    root = rendering.root();
    before = rendering.view().tree();
  }

  /** Renders what is dirty; the windows are offsets of the view root's region. */
  static Refreshed patch(Rendering rendering, Extents dirty) {
    ViewPatch patch = new ViewPatch(rendering);
    Extents windows = patch.addresses(dirty);
    return windows.count() > FEW && windows.count() * 8 > patch.before.size()
        ? patch.renderWhole(rendering)
        : patch.apply(rendering, patch.groups(windows));
  }

  private Refreshed renderWhole(Rendering rendering) {
    RenderedView whole = Rendering.rendered(root);
    return whole.sameAs(rendering.view())
        ? new Refreshed(rendering, ViewDiff.NONE)
        : new Refreshed(new Rendering(root, whole), ViewDiff.between(rendering.view(), whole));
  }

  /** Where the dirty offsets show, widened by unmergeable sections. */
  private Extents addresses(Extents dirty) {
    Window window = root.window();
    long lastOffset = window.offset() + (window.last() - window.first());
    Extents addresses = new Extents();
    for (int i = 0; i < dirty.count(); i++) {
      long from = Window.maxUnsigned(dirty.first(i), window.offset());
      long to = Window.minUnsigned(dirty.last(i), lastOffset);
      if (Long.compareUnsigned(from, to) <= 0) {
        long shift = window.first() - window.offset();
        addresses.add(widenedDown(from + shift), widenedUp(to + shift));
      }
    }
    return addresses;
  }

  private long widenedDown(long first) {
    MemoryRegionSection below = first == 0 ? null : before.at(first - 1);
    return below != null && below.attributes().unmergeable() ? below.range().first() : first;
  }

  private long widenedUp(long last) {
    MemoryRegionSection above = last == -1 ? null : before.at(last + 1);
    return above != null && above.attributes().unmergeable() ? above.range().last() : last;
  }

  private List<Group> groups(Extents windows) {
    if (windows.count() == 1) {
      return List.of(new Group(from(windows.first(0)), to(windows.last(0)), windows));
    }
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < windows.count(); i++) {
      long first = windows.first(i);
      long last = windows.last(i);
      int from = from(first);
      int to = to(last);
      Group previous = groups.isEmpty() ? null : groups.getLast();
      if (previous != null && from < previous.to()) {
        previous.windows().add(first, last);
        groups.set(groups.size() - 1, new Group(previous.from(), Math.max(to, previous.to()), previous.windows()));
      } else {
        Extents own = new Extents();
        own.add(first, last);
        groups.add(new Group(from, to, own));
      }
    }
    return groups;
  }

  /** The first section that meets or touches what begins at an address. */
  private int from(long first) {
    return before.endingBefore(first == 0 ? 0 : first - 1);
  }

  /** The section behind the last one that meets or touches what ends at an address. */
  private int to(long last) {
    return Long.compareUnsigned(last, -2) >= 0 ? before.size() : before.beginningBefore(last + 2);
  }

  /** From the last group to the first, so that the places of those before stay as they are. */
  private Refreshed apply(Rendering rendering, List<Group> groups) {
    SectionTree after = before;
    List<ViewDiff> diffs = new ArrayList<>(groups.size());
    for (int i = groups.size() - 1; i >= 0; i--) {
      Group group = groups.get(i);
      List<MemoryRegionSection> old = before.slice(group.from(), group.to());
      List<MemoryRegionSection> now = rendered(old, group.windows());
      if (!old.equals(now)) {
        after = after.replace(group.from(), group.to(), now);
        diffs.add(ViewDiff.between(old, now));
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
