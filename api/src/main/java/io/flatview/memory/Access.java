package io.flatview.memory;

/** What an access wants to do with an address; decides which permission an IOMMU must grant. */
public enum Access {
  /** The access reads: a load, or a fetch. */
  READ,
  /** The access writes. */
  WRITE
}
