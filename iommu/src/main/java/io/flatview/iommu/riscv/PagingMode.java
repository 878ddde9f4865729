package io.flatview.iommu.riscv;

/**
 * The schemes of the two stages: {@code iosatp.MODE} and {@code iohgatp.MODE} (sections 2.1.3.2 and 2.1.3.4; Priv 4.4
 * to 4.6 and 8.5). The second stage has the same with two more bits at the root.
 */
enum PagingMode {
  BARE(0, 0, 0, 0),
  SV39(8, 3, Capabilities.SV39, Capabilities.SV39X4),
  SV48(9, 4, Capabilities.SV48, Capabilities.SV48X4),
  SV57(10, 5, Capabilities.SV57, Capabilities.SV57X4);

  private static final int PAGE_BITS = 12;
  private static final int LEVEL_BITS = 9;
  private static final int SECOND_STAGE_BITS = 2;

  private final int encoding;
  private final int levels;
  private final long firstStage;
  private final long secondStage;

  PagingMode(int encoding, int levels, long firstStage, long secondStage) {
    this.encoding = encoding;
    this.levels = levels;
    this.firstStage = firstStage;
    this.secondStage = secondStage;
  }

  /** The mode of a register or a context, or null if it is reserved or not announced. */
  static PagingMode of(long field, Capabilities capabilities, boolean second) {
    for (PagingMode mode : values()) {
      if (mode.encoding == field) {
        return capabilities.has(second ? mode.secondStage : mode.firstStage) ? mode : null;
      }
    }
    return null;
  }

  int levels() {
    return levels;
  }

  private int bits() {
    return PAGE_BITS + LEVEL_BITS * levels;
  }

  /** Whether an address has no bits beyond the width: a first-stage address is extended by its sign. */
  boolean holds(long address, boolean second) {
    int beyond = 64 - bits() - (second ? SECOND_STAGE_BITS : 0);
    return address == (second ? address << beyond >>> beyond : address << beyond >> beyond);
  }

  /**
   * For an address too wide for its mode: the size less 1 of the largest aligned block around it whose addresses are
   * all too wide.
   */
  static long holeMask(long address, boolean second) {
    long beyond = second ? address : address ^ address >> 63;
    return Long.highestOneBit(beyond) - 1;
  }

  int index(long address, int level, boolean second) {
    int bits = second && level == levels - 1 ? LEVEL_BITS + SECOND_STAGE_BITS : LEVEL_BITS;
    return (int) (address >>> PAGE_BITS + LEVEL_BITS * level) & (1 << bits) - 1;
  }

  /** The size less 1 of the block that one entry of a level covers. */
  static long span(int level) {
    return (1L << PAGE_BITS + LEVEL_BITS * level) - 1;
  }
}
