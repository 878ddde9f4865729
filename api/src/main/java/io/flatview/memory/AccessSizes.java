package io.flatview.memory;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sizes of accesses: any set of 1 to 8 bytes, such as 1 and 4 for registers without accesses of 2 bytes, or 3 for
 * registers of 24 bits.
 *
 * <p>A single load or store has 1, 2, 4 or 8 bytes. Sizes of 3, 5, 6 and 7 bytes occur in parts of transfers, and of
 * accesses that are cut; a device is called with them only if its sizes contain them.
 *
 * <p>An aligned access lies within one aligned block of its size, or of the next power of two: 3 bytes within 4, and 5,
 * 6 or 7 within 8, like the byte enables of a bus.
 */
public final class AccessSizes {

  private static final int WIDEST = 8;

  /** 1, 2, 4 and 8 bytes at every offset. */
  public static final AccessSizes ANY = new AccessSizes(1, WIDEST, true);

  /** Bit <i>n</i> for a size of <i>n</i> bytes. */
  private final int set;

  private final boolean unaligned;

  private AccessSizes(int set, boolean unaligned) {
    this.set = set;
    this.unaligned = unaligned;
  }

  /**
   * Makes a set of powers of two.
   *
   * @param min the smallest, in bytes: 1, 2, 4 or 8
   * @param max the largest, in bytes: 1, 2, 4 or 8
   * @param unaligned whether an access may start at an offset that is no multiple of its size
   * @throws IllegalArgumentException if they are not sizes, or the smallest exceeds the largest
   */
  public AccessSizes(int min, int max, boolean unaligned) {
    this(powers(min, max), unaligned);
  }

  private static int powers(int min, int max) {
    if (!isSize(min) || !isSize(max) || min > max) {
      throw new IllegalArgumentException("accesses of " + min + " to " + max
          + " bytes; 1, 2, 4 and 8 are possible, the smaller first");
    }
    int set = 0;
    for (int size = min; size <= max; size *= 2) {
      set |= 1 << size;
    }
    return set;
  }

  /**
   * Aligned accesses of a power of two.
   *
   * @param min the smallest size, in bytes: 1, 2, 4 or 8
   * @param max the largest size, in bytes: 1, 2, 4 or 8
   * @return a set of these sizes
   */
  public static AccessSizes aligned(int min, int max) {
    return new AccessSizes(min, max, false);
  }

  /**
   * Accesses of a power of two and any alignment.
   *
   * @param min the smallest size, in bytes: 1, 2, 4 or 8
   * @param max the largest size, in bytes: 1, 2, 4 or 8
   * @return a set of these sizes
   */
  public static AccessSizes unaligned(int min, int max) {
    return new AccessSizes(min, max, true);
  }

  /**
   * Aligned accesses of certain sizes.
   *
   * @param sizes in bytes, each 1 to 8, at least one
   * @return a set of these sizes
   * @throws IllegalArgumentException if there is none, or one is not possible
   */
  public static AccessSizes of(int... sizes) {
    int set = 0;
    for (int size : sizes) {
      if (size < 1 || size > WIDEST) {
        throw new IllegalArgumentException(
            "accesses of " + Arrays.toString(sizes) + " bytes; 1 to 8 are possible, and " + size + " is not");
      }
      set |= 1 << size;
    }
    if (set == 0) {
      throw new IllegalArgumentException("no sizes of accesses; name at least one of 1 to 8 bytes");
    }
    return new AccessSizes(set, false);
  }

  /**
   * The same sizes at every offset.
   *
   * @return sizes that need no alignment
   */
  public AccessSizes atAnyOffset() {
    return new AccessSizes(set, true);
  }

  /**
   * Whether a number of bytes is a size of single loads and stores.
   *
   * @param bytes any number
   * @return true for 1, 2, 4 and 8
   */
  public static boolean isSize(int bytes) {
    return bytes > 0 && bytes <= WIDEST && Integer.bitCount(bytes) == 1;
  }

  /**
   * The sizes.
   *
   * @return the sizes in ascending order
   */
  public List<Integer> sizes() {
    return IntStream.rangeClosed(1, WIDEST).filter(this::contains).boxed().toList();
  }

  /**
   * The smallest size.
   *
   * @return a number of bytes, 1 to 8
   */
  public int min() {
    return Integer.numberOfTrailingZeros(set);
  }

  /**
   * The largest size.
   *
   * @return a number of bytes, 1 to 8
   */
  public int max() {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(set);
  }

  /**
   * Whether an access may start anywhere.
   *
   * @return false if it must be aligned
   */
  public boolean unaligned() {
    return unaligned;
  }

  /**
   * Whether a size is among these.
   *
   * @param size a number of bytes, any
   * @return true if so, at whatever offset
   */
  public boolean contains(int size) {
    return size > 0 && size <= WIDEST && (set & 1 << size) != 0;
  }

  /**
   * The largest of these that has no more than some bytes.
   *
   * @param most in bytes, at least 1
   * @return 0 if all have more
   */
  public int largestWithin(int most) {
    int within = set & (2 << Math.min(most, WIDEST)) - 1;
    return within == 0 ? 0 : Integer.SIZE - 1 - Integer.numberOfLeadingZeros(within);
  }

  /**
   * Whether an access is aligned.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes, 1 to 8
   * @return true if it lies in one aligned block of the smallest power of two that is no less than its size
   */
  public static boolean isAligned(long offset, int size) {
    int block = block(size);
    return (offset & block - 1) + size <= block;
  }

  /**
   * The smallest power of two that is no less than a size.
   *
   * @param size the number of bytes, 1 to 8
   * @return 1, 2, 4 or 8
   */
  public static int block(int size) {
    return size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
  }

  /**
   * Whether an access is among these.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @return true if size and alignment are right
   */
  public boolean allow(long offset, int size) {
    return contains(size) && (unaligned || isAligned(offset, size));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccessSizes that && set == that.set && unaligned == that.unaligned;
  }

  @Override
  public int hashCode() {
    return 2 * set + (unaligned ? 1 : 0);
  }

  @Override
  public String toString() {
    return sizes() + (unaligned ? " bytes at any offset" : " bytes, aligned");
  }
}
