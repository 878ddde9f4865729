package io.flatview.examples.cli.machine;

/** The kind of a described region: content of its own, or an alias of another region. */
public sealed interface RegionKind {

  /** The kinds that need no more than a name and a size. */
  enum Plain implements RegionKind {
    /** Arranges others. */
    CONTAINER,
    /** A device's registers; stands for IOMMU regions too, which answer in the same places. */
    MMIO,
    /** Memory. */
    RAM,
    /** Memory that only reads. */
    ROM,
    /** Memory for reads, a device for writes. */
    ROMD
  }

  /**
   * An alias of another region.
   *
   * @param target the index of the region that the alias shows
   * @param offset the offset of the target that stands at offset 0 of the alias, unsigned
   */
  record Alias(int target, long offset) implements RegionKind {}
}
