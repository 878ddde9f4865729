package io.flatview.memory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A range of one flat view that one region answers: QEMU's {@code MemoryRegionSection}.
 *
 * @param range where in the address space
 * @param region the region that answers; never a container and never an alias. A {@linkplain MemoryRegion.Bank bank}
 * where what
 *     answers is for its selection to say: see {@link #shown(long)}
 * @param offsetInRegion which offset of the region stands at the range's first address, unsigned
 * @param attributes what holds there
 */
public record MemoryRegionSection(
    AddressRange range, MemoryRegion region, long offsetInRegion, SectionAttributes attributes) {

  /**
   * Where an address falls in the region.
   *
   * @param address an address in the range, unsigned
   * @return the offset in the region, unsigned
   */
  public long offsetOf(long address) {
    return address - range.first() + offsetInRegion;
  }

  /**
   * Whether two sections are the same for a listener: place, region, offset and all attributes but the dirty mask.
   *
   * @param other the other section
   * @return true if a listener need not be told of a change
   */
  public boolean sameMapping(MemoryRegionSection other) {
    return range.equals(other.range)
        && region == other.region
        && offsetInRegion == other.offsetInRegion
        && attributes.alike(other.attributes);
  }

  /**
   * What answers at an address now.
   *
   * @param address an address in the range, unsigned
   * @return the section itself, but for a bank's: then that of what the bank shows there, or empty for a hole
   */
  public Optional<MemoryRegionSection> shown(long address) {
    return region instanceof MemoryRegion.Bank
        ? BankedSections.shown(List.of(this)).stream().filter(section -> section.range().contains(address)).findAny()
        : Optional.of(this);
  }

  /**
   * What may answer in the range.
   *
   * @return the section itself, but for a bank's: then the sections of what the bank shows under any selection
   */
  public Stream<MemoryRegionSection> possible() {
    return region instanceof MemoryRegion.Bank ? attributes.banked().possible() : Stream.of(this);
  }

  /** Range, region and offset, as in {@code 0000000000001000-0000000000001fff uart @0000000000000000}. */
  @Override
  public String toString() {
    return range + " " + region.name() + " @" + AddressRange.hex(offsetInRegion);
  }
}
