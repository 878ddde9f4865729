package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;
import java.util.List;
import java.util.function.Function;

/** Fills the free addresses of a view under construction with sections, which never overlap. */
final class SectionFiller {

  private final List<MemoryRegionSection> sections;

  private final Cover cover = new Cover();

  /** Makes a filler that adds its sections, as it finds them, to a list. */
  SectionFiller(List<MemoryRegionSection> sections) {
    this.sections = sections;
  }

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
}
