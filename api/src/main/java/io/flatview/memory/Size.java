package io.flatview.memory;

import java.util.Objects;

/**
 * A number of bytes from 0 to 2<sup>64</sup>, both included: every size a region can have.
 *
 * <p>QEMU spells 2<sup>64</sup> as {@code UINT64_MAX} and so cannot say 2<sup>64</sup>-1; this type can say both.
 */
public final class Size implements Comparable<Size> {

  /** No bytes at all. A region of this size is legal and shows nowhere. */
  public static final Size EMPTY = new Size(0, false);

  /** 2<sup>64</sup> bytes: a whole address space. */
  public static final Size FULL = new Size(0, true);

  /** The powers of two, of which most regions have one. */
  private static final Size[] POWERS = new Size[Long.SIZE];

  static {
    for (int shift = 0; shift < POWERS.length; shift++) {
      POWERS[shift] = new Size(1L << shift, false);
    }
  }

  private final long bytes;
  private final boolean full;

  private Size(long bytes, boolean full) {
    this.bytes = bytes;
    this.full = full;
  }

  /**
   * A size in bytes.
   *
   * @param bytes the number of bytes, unsigned, 0 to 2<sup>64</sup>-1
   * @return a size of so many bytes
   */
  public static Size bytes(long bytes) {
    if (bytes == 0) {
      return EMPTY;
    }
    return Long.bitCount(bytes) == 1 ? POWERS[Long.numberOfTrailingZeros(bytes)] : new Size(bytes, false);
  }

  /**
   * A size in units of 1024 bytes.
   *
   * @param count the number of units, not negative
   * @return a size of so many bytes
   * @throws IllegalArgumentException if the count is negative or the size exceeds 2<sup>63</sup>-1 bytes
   */
  public static Size kib(long count) {
    return scaled(count, 10);
  }

  /**
   * A size in units of 1024 KiB.
   *
   * @param count the number of units, not negative
   * @return a size of so many bytes
   * @throws IllegalArgumentException if the count is negative or the size exceeds 2<sup>63</sup>-1 bytes
   */
  public static Size mib(long count) {
    return scaled(count, 20);
  }

  /**
   * A size in units of 1024 MiB.
   *
   * @param count the number of units, not negative
   * @return a size of so many bytes
   * @throws IllegalArgumentException if the count is negative or the size exceeds 2<sup>63</sup>-1 bytes
   */
  public static Size gib(long count) {
    return scaled(count, 30);
  }

  /**
   * The size whose highest offset is given: {@code last + 1} bytes.
   *
   * @param last the highest offset, unsigned
   * @return a size of so many bytes, never empty
   */
  public static Size ofLast(long last) {
    return last == -1 ? FULL : bytes(last + 1);
  }

  private static Size scaled(long count, int shift) {
    if (count < 0 || count > Long.MAX_VALUE >>> shift) {
      throw new IllegalArgumentException(
          "a size of " + count + " units of 2^" + shift + " bytes is out of range; use Size.bytes or Size.FULL");
    }
    return bytes(count << shift);
  }

  /**
   * Whether there are no bytes.
   *
   * @return true for {@link #EMPTY}
   */
  public boolean isEmpty() {
    return bytes == 0 && !full;
  }

  /**
   * Whether this is 2<sup>64</sup>.
   *
   * @return true for {@link #FULL}
   */
  public boolean isFull() {
    return full;
  }

  /**
   * The highest offset: one less than the number of bytes, unsigned.
   *
   * @return the last offset, inclusive
   * @throws IllegalStateException if the size is empty, which has no last offset
   */
  public long last() {
    if (isEmpty()) {
      throw new IllegalStateException("an empty size has no last offset; test isEmpty() first");
    }
    return bytes - 1;
  }

  /**
   * The number of bytes, unsigned.
   *
   * @return the count, 0 to 2<sup>64</sup>-1
   * @throws ArithmeticException if this is {@link #FULL}, which a {@code long} cannot hold
   */
  public long toBytes() {
    if (full) {
      throw new ArithmeticException("2^64 bytes do not fit a long; use last() or isFull()");
    }
    return bytes;
  }

  @Override
  public int compareTo(Size other) {
    return full != other.full ? (full ? 1 : -1) : Long.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Size size && size.bytes == bytes && size.full == full;
  }

  @Override
  public int hashCode() {
    return Objects.hash(bytes, full);
  }

  /** The number of bytes in hexadecimal, as {@code 0x1000}. */
  @Override
  public String toString() {
    return full ? "0x10000000000000000" : "0x" + Long.toHexString(bytes);
  }
}
