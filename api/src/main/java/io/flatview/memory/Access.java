package io.flatview.memory;

/** What an access wants to do with an address; decides which permission an IOMMU must grant. */
public enum Access {
  /** The access reads data: a load. */
  READ,
  /** The access writes. */
  WRITE,
  /**
   * The access reads instructions. It differs from {@link #READ} in the permission that an IOMMU must grant; memory and
   * devices serve it like any read. A device that fetches through an IOMMU translates with it, and loads from where the
   * translation leads in the same section.
   */
  FETCH;

  /**
   * Whether memory may change.
   *
   * @return true for {@link #WRITE}, false for loads and fetches
   */
  public boolean writes() {
    return this == WRITE;
  }
}
