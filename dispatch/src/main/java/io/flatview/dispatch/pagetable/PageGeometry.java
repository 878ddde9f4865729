package io.flatview.dispatch.pagetable;

/**
 * How addresses split into a page number of so many levels and an offset.
 *
 * @param pageBits the binary logarithm of the page size
 */
public record PageGeometry(int pageBits) {

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

  /** Levels of the tree: {@code P_L2_LEVELS}. */
  int levels() {
    return (ADDRESS_BITS - pageBits - 1) / PhysPageEntry.L2_BITS + 1;
  }

  long offsetMask() {
    return (1L << pageBits) - 1;
  }

  long pageOf(long address) {
    return address >>> pageBits;
  }
}
