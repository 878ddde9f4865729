package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** The sections of a view under construction, ordered by address and never overlapping. */
final class SectionFiller {

  /** By first address, unsigned. */
  private final TreeMap<Long, MemoryRegionSection> sections = new TreeMap<>(Long::compareUnsigned);

  private final Cover cover = new Cover();

  /** Whether one section or several without a gap hold the whole window. */
  boolean isTaken(Window window) {
    return cover.isTaken(window.first(), window.last());
  }

  /** Gives a region every address of its window that is not taken. */
  void fill(RegionNode node, Window window, SectionAttributes attributes) {
    fill(node, window, _ -> attributes);
  }

  /** Gives a region every address of its window that is not taken, each gap with attributes of its own. */
  void fill(RegionNode node, Window window, Function<AddressRange, SectionAttributes> attributes) {
    AddressRange all = new AddressRange(window.first(), window.last());
    cover.gaps(all).forEach(gap -> put(node, window, gap, attributes.apply(gap)));
    cover.take(all);
  }

  private void put(RegionNode node, Window window, AddressRange gap, SectionAttributes attributes) {
    long offset = window.offset() + (gap.first() - window.first());
    sections.put(gap.first(), new MemoryRegionSection(gap, node.region(), offset, attributes));
  }

  /** All sections, joined. */
  List<MemoryRegionSection> sections() {
    return Joining.join(sections.values());
  }
}
