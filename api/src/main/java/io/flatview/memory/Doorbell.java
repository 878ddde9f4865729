package io.flatview.memory;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A store to a device that only wakes another thread: QEMU's ioeventfd. A store that matches runs an action, and does
 * not call the device.
 *
 * <p>A store matches if it starts at the offset and, if the doorbell specifies a size or data, has that size and data.
 * Of several doorbells that match, only the most specific one rings.
 *
 * @param offset the offset in the region at which the store starts, unsigned
 * @param size 1, 2, 4 or 8 bytes, or 0 for any of them
 * @param data the value stored, little endian; empty for any
 * @param ring the action; runs in the storing thread, inside its read-side section, possibly in several threads at
 *     once; it must not block
 */
public record Doorbell(long offset, int size, OptionalLong data, Runnable ring) {

  /**
   * Checks the size and the data.
   *
   * @throws IllegalArgumentException if there is no such size, or no store of that size has the data
   */
  public Doorbell {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(ring, "ring");
    if (size != 0 && size != 1 && size != 2 && size != 4 && size != 8) {
      throw new IllegalArgumentException("a doorbell for stores of " + size + " bytes; 1, 2, 4 and 8 are possible, and"
          + " 0 for any");
    }
    if (data.isPresent() && (size == 0 || size < 8 && data.getAsLong() >>> 8 * size != 0)) {
      throw new IllegalArgumentException("no store of " + size + " bytes has the data "
          + AddressRange.hex(data.getAsLong()) + "; say how many bytes it has");
    }
  }

  /**
   * Rings for every store that starts at an offset.
   *
   * @param offset the offset in the region at which the store starts, unsigned
   * @param ring the action; see {@link #Doorbell}
   * @return a new doorbell
   */
  public static Doorbell at(long offset, Runnable ring) {
    return new Doorbell(offset, 0, OptionalLong.empty(), ring);
  }

  /**
   * Rings for every store of one size.
   *
   * @param offset the offset in the region at which the store starts, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param ring the action; see {@link #Doorbell}
   * @return a new doorbell
   */
  public static Doorbell at(long offset, int size, Runnable ring) {
    return new Doorbell(offset, size, OptionalLong.empty(), ring);
  }

  /**
   * Rings for stores of one value.
   *
   * @param offset the offset in the region at which the store starts, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param data the value, zero-extended
   * @param ring the action; see {@link #Doorbell}
   * @return a new doorbell
   */
  public static Doorbell at(long offset, int size, long data, Runnable ring) {
    return new Doorbell(offset, size, OptionalLong.of(data), ring);
  }

  /**
   * Whether another doorbell has the same offset, size and data.
   *
   * @param other the doorbell to compare with
   * @return true if one region cannot have both
   */
  public boolean collidesWith(Doorbell other) {
    return offset == other.offset && size == other.size && data.equals(other.data);
  }

  /** A description of the matching stores. */
  @Override
  public String toString() {
    return "doorbell at " + AddressRange.hex(offset) + (size == 0 ? " of any size" : " of " + size + " bytes")
        + (data.isPresent() ? " with data " + AddressRange.hex(data.getAsLong()) : "");
  }
}
