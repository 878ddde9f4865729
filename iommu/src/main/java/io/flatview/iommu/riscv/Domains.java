package io.flatview.iommu.riscv;

/** The translations that an invalidation names: those of a guest or of the host, and there of an address space. */
final class Domains {

  private static final int HOST = 1 << 30;
  private static final int NO_SPACE = 1 << 31;

  private Domains() {}

  /** A number; different domains may have the same, which costs a needless invalidation. */
  static int of(boolean guest, int gscid, boolean space, int pscid) {
    return (guest ? gscid << 12 : HOST) ^ (space ? pscid : NO_SPACE);
  }
}
