package io.flatview.memory;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A range of addresses, never empty.
 *
 * @param first the lowest address, unsigned, inclusive
 * @param last the highest address, unsigned, inclusive, not below {@code first}
 */
public record AddressRange(long first, long last) {

  /** All 2<sup>64</sup> addresses. */
  public static final AddressRange ALL = new AddressRange(0, -1);

  /**
   * Checks the order of the bounds.
   *
   * @throws IllegalArgumentException if {@code last} is below {@code first}
   */
  public AddressRange {
    if (Long.compareUnsigned(first, last) > 0) {
      throw new IllegalArgumentException(
          "range " + hex(first) + "-" + hex(last) + " ends before it starts; both bounds are inclusive and unsigned");
    }
  }

  /**
   * Formats an address as messages do.
   *
   * @param address the address, unsigned
   * @return 16 hexadecimal digits
   */
  public static String hex(long address) {
    return HexFormat.of().toHexDigits(address);
  }

  /**
   * Whether an address lies in this range.
   *
   * @param address the address, unsigned
   * @return true between first and last, both included
   */
  public boolean contains(long address) {
    return Long.compareUnsigned(address, first) >= 0 && Long.compareUnsigned(address, last) <= 0;
  }

  /**
   * Whether another range lies wholly in this one.
   *
   * @param other the other range
   * @return true if both its bounds do
   */
  public boolean contains(AddressRange other) {
    return contains(other.first) && contains(other.last);
  }

  /**
   * Whether two ranges share an address.
   *
   * @param other the other range
   * @return true if they do
   */
  public boolean overlaps(AddressRange other) {
    return Long.compareUnsigned(first, other.last) <= 0 && Long.compareUnsigned(other.first, last) <= 0;
  }

  /**
   * The addresses that are in both ranges.
   *
   * @param other the other range
   * @return the common part, empty if there is none
   */
  public Optional<AddressRange> intersect(AddressRange other) {
    return overlaps(other)
        ? Optional.of(new AddressRange(maxUnsigned(first, other.first), minUnsigned(last, other.last)))
        : Optional.empty();
  }

  /**
   * How many addresses the range holds.
   *
   * @return the size, never empty
   */
  public Size size() {
    return Size.ofLast(last - first);
  }

  private static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressRange range && first == range.first && last == range.last;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(first) + Long.hashCode(last);
  }

  /** Both bounds with 16 digits, as QEMU prints them: {@code 0000000000001000-0000000000001fff}. */
  @Override
  public String toString() {
    return hex(first) + "-" + hex(last);
  }
}
