package io.flatview.examples.cli.machine;

/** What a described region is: something that stands for itself, or a window on another region. */
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
   * A window on another region.
   *
   * @param target the index of the region that it shows
   * @param offset which offset of the target stands at offset 0 of the window, unsigned
   */
  record Window(int target, long offset) implements RegionKind {}
}
