package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sections of a view under construction, ordered by address and never overlapping. */
final class SectionFiller {

  /** By first address, unsigned. */
  private final TreeMap<Long, MemoryRegionSection> sections = new TreeMap<>(Long::compareUnsigned);

  /** Whether one section or several without a gap hold the whole window. */
  boolean isTaken(Window window) {
    return firstGap(window.first(), window.last()) == null;
  }

  /** Gives a region every address of its window that is not taken. */
  void fill(RegionNode node, Window window, SectionAttributes attributes) {
    AddressRange gap = firstGap(window.first(), window.last());
    while (gap != null) {
      put(node, window, gap, attributes);
      gap = gap.last() == window.last() ? null : firstGap(gap.last() + 1, window.last());
    }
  }

  private void put(RegionNode node, Window window, AddressRange gap, SectionAttributes attributes) {
    long offset = window.offset() + (gap.first() - window.first());
    sections.put(gap.first(), new MemoryRegionSection(gap, node.region(), offset, attributes));
  }

  /** The first run of free addresses in a range, or null. */
  private AddressRange firstGap(long first, long last) {
    long start = first;
    Map.Entry<Long, MemoryRegionSection> below = sections.floorEntry(start);
    Map.Entry<Long, MemoryRegionSection> next = below != null ? below : sections.ceilingEntry(start);
    while (next != null && Long.compareUnsigned(next.getKey(), start) <= 0) {
      long taken = next.getValue().range().last();
      if (Long.compareUnsigned(taken, last) >= 0) {
        return null;
      }
      start = Long.compareUnsigned(taken, start) >= 0 ? taken + 1 : start;
      next = sections.higherEntry(next.getKey());
    }
    return new AddressRange(start, next == null ? last : lastBefore(next.getKey(), last));
  }

  private static long lastBefore(long next, long last) {
    return Long.compareUnsigned(next, last) <= 0 ? next - 1 : last;
  }

  /** All sections, joined. */
  List<MemoryRegionSection> sections() {
    return Joining.join(sections.values());
  }
}
