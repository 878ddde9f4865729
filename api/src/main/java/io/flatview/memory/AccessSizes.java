package io.flatview.memory;

/**
 * The sizes of accesses.
 *
 * @param min the smallest, in bytes: 1, 2, 4 or 8
 * @param max the largest, in bytes: 1, 2, 4 or 8
 * @param unaligned whether an access may start at an offset that is no multiple of its size
 */
public record AccessSizes(int min, int max, boolean unaligned) {

  /** Every size at every offset. */
  public static final AccessSizes ANY = new AccessSizes(1, 8, true);

  private static final int WIDEST = 8;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if they are not sizes, or the smallest exceeds the largest
   */
  public AccessSizes {
    if (!isSize(min) || !isSize(max) || min > max) {
      throw new IllegalArgumentException("accesses of " + min + " to " + max
          + " bytes; 1, 2, 4 and 8 are possible, the smaller first");
    }
  }

  /**
   * Aligned accesses.
   *
   * @param min the smallest
   * @param max the largest
   * @return the sizes
   */
  public static AccessSizes aligned(int min, int max) {
    return new AccessSizes(min, max, false);
  }

  /**
   * Accesses of any alignment.
   *
   * @param min the smallest
   * @param max the largest
   * @return the sizes
   */
  public static AccessSizes unaligned(int min, int max) {
    return new AccessSizes(min, max, true);
  }

  /**
   * Whether a number of bytes is a size of accesses.
   *
   * @param bytes any
   * @return true for 1, 2, 4 and 8
   */
  public static boolean isSize(int bytes) {
    return bytes > 0 && bytes <= WIDEST && Integer.bitCount(bytes) == 1;
  }

  /**
   * Whether an access is among these.
   *
   * @param offset where in the region, unsigned
   * @param size in bytes
   * @return true if size and alignment are right
   */
  public boolean allow(long offset, int size) {
    return size >= min && size <= max && (unaligned || (offset & (size - 1)) == 0);
  }
}
