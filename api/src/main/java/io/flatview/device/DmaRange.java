package io.flatview.device;

import io.flatview.memory.AddressRange;

/**
 * A range of memory that a guest gave to a device. The guest chooses both numbers, so code must check them before it
 * computes with them. A range may be empty, and lies wholly below 2<sup>64</sup>.
 *
 * @param address the address of the first byte, unsigned, in the device's address space
 * @param length the number of bytes, unsigned
 */
public record DmaRange(long address, long length) {

  /**
   * Checks that the range does not exceed the last address.
   *
   * @throws DmaException if it goes beyond the last address
   */
  public DmaRange {
    boolean ends = length == 0 || Long.compareUnsigned(length - 1, -1 - address) <= 0;
    if (!ends) {
      throw new DmaException(
          "memory of " + Long.toUnsignedString(length) + " bytes at " + AddressRange.hex(address)
              + " goes beyond the last address");
    }
  }

  /**
   * Whether a part lies within a whole, such as sectors in a disk or bytes in a buffer. No numbers overflow.
   *
   * @param offset the offset of the part, unsigned
   * @param length the length of the part, unsigned; an empty part may lie at the very end
   * @param capacity the size of the whole, unsigned, in the same unit
   * @return true if it lies wholly in it
   */
  public static boolean fits(long offset, long length, long capacity) {
    return Long.compareUnsigned(length, capacity) <= 0 && Long.compareUnsigned(offset, capacity - length) <= 0;
  }

  /**
   * A part of this range.
   *
   * @param offset the offset of its first byte in this range, unsigned
   * @param bytes the number of bytes in the part, unsigned
   * @return the addresses of the part
   * @throws IndexOutOfBoundsException if this range does not hold it
   */
  public DmaRange part(long offset, long bytes) {
    if (!fits(offset, bytes, length)) {
      throw new IndexOutOfBoundsException(
          Long.toUnsignedString(bytes) + " bytes at offset " + Long.toUnsignedString(offset) + " of " + this);
    }
    return new DmaRange(address + offset, bytes);
  }

  /** The first address and the length: {@code 0000000080001000+4096}. */
  @Override
  public String toString() {
    return AddressRange.hex(address) + "+" + Long.toUnsignedString(length);
  }
}
