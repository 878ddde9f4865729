package io.flatview.dispatch.pagetable;

/**
 * The split of addresses into levels: as many bits of page number each, and below the page as many and the
 * remainder. The fan-out of the page tables is that number, which nothing else knows; DECISIONS.md says what it costs.
 *
 * @param pageBits the binary logarithm of the page size
 */
public record PageGeometry(int pageBits) {

  /** Bits that a level resolves here, but for the lowest and the highest. */
  private static final int NODE_BITS = 8;

  private static final int ADDRESS_BITS = 64;

  /**
   * Checks the page size.
   *
   * @throws IllegalArgumentException unless it is 256 bytes to 64 KiB
   */
  public PageGeometry {
    if (pageBits < 8 || pageBits > 16) {
      throw new IllegalArgumentException("a page of 2^" + pageBits + " bytes; 2^8 to 2^16 are possible");
    }
  }

  /** The level below one whose entries reach over 2<sup>shift</sup> addresses, which is not the lowest. */
  int below(int shift) {
    if (shift <= pageBits) {
      return Math.max(shift - NODE_BITS, 0);
    }
    return shift == ADDRESS_BITS ? highest() : shift - NODE_BITS;
  }

  /** The level whose nodes may have slots of 2<sup>shift</sup> addresses; its own slots are the smallest of these. */
  int levelOf(int shift) {
    if (shift < pageBits) {
      return Math.max(pageBits - (pageBits - shift + NODE_BITS - 1) / NODE_BITS * NODE_BITS, 0);
    }
    return Math.min(pageBits + (shift - pageBits) / NODE_BITS * NODE_BITS, highest());
  }

  private int highest() {
    return pageBits + (ADDRESS_BITS - 1 - pageBits) / NODE_BITS * NODE_BITS;
  }

  long offsetMask() {
    return (1L << pageBits) - 1;
  }
}
