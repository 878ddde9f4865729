package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The sections of a view under construction, ordered by address and never overlapping. */
final class SectionFiller {

  private static final int FEW = 2;

  static final Comparator<MemoryRegionSection> BY_ADDRESS =
      (a, b) -> Long.compareUnsigned(a.range().first(), b.range().first());

  private final List<MemoryRegionSection> sections = new ArrayList<>(FEW);

  private final Cover cover = new Cover();

  /** Whether one section or several without a gap hold the whole window. */
  boolean isTaken(Window window) {
    return cover.isTaken(window.first(), window.last());
  }

  /** Gives a region every address of its window that is not taken. */
  void fill(RegionNode node, Window window, SectionAttributes attributes) {
    AddressRange all = new AddressRange(window.first(), window.last());
    if (cover.takeIfFree(all)) {
      put(node, window, all, attributes);
    } else {
      fillGaps(node, window, all, _ -> attributes);
    }
  }

  /** Gives a region every address of its window that is not taken, each gap with attributes of its own. */
  void fill(RegionNode node, Window window, Function<AddressRange, SectionAttributes> attributes) {
    fillGaps(node, window, new AddressRange(window.first(), window.last()), attributes);
  }

  private void fillGaps(
      RegionNode node, Window window, AddressRange all, Function<AddressRange, SectionAttributes> attributes) {
    cover.gaps(all).forEach(gap -> put(node, window, gap, attributes.apply(gap)));
    cover.take(all);
  }

  private void put(RegionNode node, Window window, AddressRange gap, SectionAttributes attributes) {
    long offset = window.offset() + (gap.first() - window.first());
    sections.add(new MemoryRegionSection(gap, node.region(), offset, attributes));
  }

  /** All sections, joined. */
  List<MemoryRegionSection> sections() {
    if (sections.size() > 1) {
      sections.sort(BY_ADDRESS);
    }
    return Joining.join(sections);
  }
}
