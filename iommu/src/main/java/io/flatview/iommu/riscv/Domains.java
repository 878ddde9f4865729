package io.flatview.iommu.riscv;

/** The domains that an invalidation names: an address space of a guest, or of the host. */
final class Domains {

  private static final int HOST = 1 << 30;
  private static final int NO_SPACE = 1 << 31;

  private Domains() {}

  /** The number of a domain. Two domains may have the same number, which costs a needless invalidation. */
  static int of(boolean guest, int gscid, boolean space, int pscid) {
    return (guest ? gscid << 12 : HOST) ^ (space ? pscid : NO_SPACE);
  }
}
