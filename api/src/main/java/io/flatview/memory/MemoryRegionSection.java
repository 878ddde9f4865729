package io.flatview.memory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A range of one flat view that one region answers: QEMU's {@code MemoryRegionSection}.
 *
 * @param range its addresses in the address space
 * @param region the region that answers, never a container or an alias; or a {@linkplain MemoryRegion.Bank bank}, whose
 *     selection decides: see {@link #shown(long)}
 * @param offsetInRegion the offset of the region at the range's first address, unsigned
 * @param attributes the flags in force there
 */
public record MemoryRegionSection(
    AddressRange range, MemoryRegion region, long offsetInRegion, SectionAttributes attributes) {

  /**
   * The offset of an address in the region.
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
   * @return true if a change from one to the other calls neither {@code regionDel} nor {@code regionAdd}
   */
  public boolean sameMapping(MemoryRegionSection other) {
    return range.equals(other.range)
        && region == other.region
        && offsetInRegion == other.offsetInRegion
        && attributes.alike(other.attributes);
  }

  /**
   * The section that answers at an address now.
   *
   * @param address an address in the range, unsigned
   * @return this section; for a bank's, the section that the bank shows there, or empty for a hole
   */
  public Optional<MemoryRegionSection> shown(long address) {
    return region instanceof MemoryRegion.Bank
        ? BankedSections.shown(List.of(this)).stream().filter(section -> section.range().contains(address)).findAny()
        : Optional.of(this);
  }

  /**
   * The sections that may answer in the range.
   *
   * @return this section; for a bank's, the sections that the bank shows under any selection
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
