package io.flatview.iommu.riscv;

/**
 * The messages that the IOMMU itself sends: {@code msi_cfg_tbl} (section 5.31). The owner's monitor guards all fields.
 */
final class MessageTable {

  static final int OFFSET = 768;
  static final int END = 1024;

  private static final int VECTORS = 16;
  private static final int ENTRY_SIZE = 16;
  private static final int MASKED_SHIFT = 32;

  private final long addressMask;
  private final long[] addresses = new long[VECTORS];
  private final int[] data = new int[VECTORS];
  private int masked;

  MessageTable(Capabilities capabilities) {
    this.addressMask = capabilities.physicalMask() & ~3L;
  }

  /** The doubleword at an offset of the registers. */
  long read(int offset) {
    int vector = (offset - OFFSET) / ENTRY_SIZE;
    return offset % ENTRY_SIZE == 0
        ? addresses[vector]
        : data[vector] & 0xffff_ffffL | (long) (masked >>> vector & 1) << MASKED_SHIFT;
  }

  void write(int offset, long value) {
    int vector = (offset - OFFSET) / ENTRY_SIZE;
    if (offset % ENTRY_SIZE == 0) {
      addresses[vector] = value & addressMask;
    } else {
      data[vector] = (int) value;
      masked = masked & ~(1 << vector) | (int) (value >>> MASKED_SHIFT & 1) << vector;
    }
  }

  long address(int vector) {
    return addresses[vector];
  }

  int data(int vector) {
    return data[vector];
  }

  /** The vectors whose messages must not be sent, as bits. */
  int masked() {
    return masked;
  }

  void reset() {
    for (int vector = 0; vector < VECTORS; vector++) {
      addresses[vector] = 0;
      data[vector] = 0;
    }
    masked = 0;
  }
}
