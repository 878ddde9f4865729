package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.tap.TapIndex;
import io.flatview.dispatch.unsigned.Unsigned;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a section into leaves, so that only accesses to watched pages are slow. Taps that share a page share a leaf,
 * which spans all of their pages; the pages between two such leaves are one leaf without taps. So the leaves depend
 * only on the set of taps, and each tap is in one leaf of the section, however large.
 */
final class WatchedParts {

  private final long pageMask;

  /** Makes a divider for pages of {@code pageMask + 1} bytes. */
  WatchedParts(long pageMask) {
    this.pageMask = pageMask;
  }

  /** The lowest address of a section on the page of an address. */
  long pageFirst(PhysSection section, long address) {
    return Unsigned.max(section.section.range().first(), address & ~pageMask);
  }

  /** The highest address of a section on the page of an address. */
  long pageLast(PhysSection section, long address) {
    return Unsigned.min(section.section.range().last(), address | pageMask);
  }

  /** The leaves of a part of a section, in ascending order. */
  List<PhysSection> of(PhysSection section, long first, long last, TapIndex taps) {
    List<PhysSection> parts = new ArrayList<>();
    long next = first;
    boolean ended = false;
    for (int from = 0, to; from < taps.size(); from = to) {
      to = endOfGroup(section, taps, from);
      PhysSection part = part(section, taps.slice(from, to));
      if (part.first != next) {
        parts.add(section.part(next, part.first - 1, TapIndex.NONE));
      }
      parts.add(part);
      next = part.last + 1;
      ended = part.last == last;
    }
    if (!ended) {
      parts.add(section.part(next, last, TapIndex.NONE));
    }
    return parts;
  }

  /** The end of the run of taps that begins at an index and in which each tap shares a page with the next one. */
  private int endOfGroup(PhysSection section, TapIndex taps, int from) {
    long high = pageLast(section, taps.last(from));
    int to = from + 1;
    while (to < taps.size() && Long.compareUnsigned(pageFirst(section, taps.first(to)), high) <= 0) {
      high = Unsigned.max(high, pageLast(section, taps.last(to)));
      to++;
    }
    return to;
  }

  private PhysSection part(PhysSection section, TapIndex group) {
    return section.part(pageFirst(section, group.first(0)), pageLast(section, group.highest()), group);
  }
}
