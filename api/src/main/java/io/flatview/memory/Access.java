package io.flatview.memory;

/** The kind of an access; decides which permission an IOMMU must grant. */
public enum Access {
  /** The access reads data: a load. */
  READ(1),
  /** The access writes. */
  WRITE(1 << 1),
  /**
   * The access reads instructions. It differs from {@link #READ} in the permission that an IOMMU must grant, in regions
   * that {@linkplain Transaction#setNoFetch refuse} it, and in the taps and device filters that match it; otherwise it
   * is served like a read.
   */
  FETCH(1 << 2);

  private final int bit;

  Access(int bit) {
    this.bit = bit;
  }

  /**
   * The bit of this access in sets of accesses, such as permissions. It is a field, so that a hot path need not branch
   * on the constant.
   *
   * @return 1 for reads, 2 for writes, 4 for fetches
   */
  public int bit() {
    return bit;
  }

  /**
   * Whether memory may change.
   *
   * @return true for {@link #WRITE}, false for loads and fetches
   */
  public boolean writes() {
    return this == WRITE;
  }
}
