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

  /** Whether no address of a part is free. */
  boolean isTaken(VisiblePart part) {
    return cover.isTaken(part.first(), part.last());
  }

  /** Gives a region every free address of its part. */
  void fill(RegionNode node, VisiblePart part, SectionAttributes attributes) {
    AddressRange all = new AddressRange(part.first(), part.last());
    if (cover.takeIfFree(all)) {
      put(node, part, all, attributes);
    } else {
      fillGaps(node, part, all, _ -> attributes);
    }
  }

  /** Gives a region every free address of its part; each gap becomes a section with attributes of its own. */
  void fill(RegionNode node, VisiblePart part, Function<AddressRange, SectionAttributes> attributes) {
    fillGaps(node, part, new AddressRange(part.first(), part.last()), attributes);
  }

  private void fillGaps(
      RegionNode node, VisiblePart part, AddressRange all, Function<AddressRange, SectionAttributes> attributes) {
    cover.gaps(all).forEach(gap -> put(node, part, gap, attributes.apply(gap)));
    cover.take(all);
  }

  private void put(RegionNode node, VisiblePart part, AddressRange gap, SectionAttributes attributes) {
    long offset = part.offset() + (gap.first() - part.first());
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
