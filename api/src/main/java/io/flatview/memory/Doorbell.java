package io.flatview.memory;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A write to a device that only has to wake somebody: QEMU's ioeventfd. A store that matches rings, and does not call
 * the device.
 *
 * <p>A store matches if it starts at the offset, has the size, and has the data, as far as the doorbell asks for them.
 * Of several doorbells that match, the one that asks for most rings.
 *
 * @param offset where in the region the store starts, unsigned
 * @param size 1, 2, 4 or 8 bytes, or 0 for any of them
 * @param data the value stored, little endian; empty for any
 * @param ring what to do: runs in the storing thread, inside its read-side section, possibly in several threads at
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
   * @param offset where
   * @param ring what to do
   * @return that doorbell
   */
  public static Doorbell at(long offset, Runnable ring) {
    return new Doorbell(offset, 0, OptionalLong.empty(), ring);
  }

  /**
   * Rings for every store of one size.
   *
   * @param offset where
   * @param size 1, 2, 4 or 8 bytes
   * @param ring what to do
   * @return that doorbell
   */
  public static Doorbell at(long offset, int size, Runnable ring) {
    return new Doorbell(offset, size, OptionalLong.empty(), ring);
  }

  /**
   * Rings for stores of one value.
   *
   * @param offset where
   * @param size 1, 2, 4 or 8 bytes
   * @param data the value, zero-extended
   * @param ring what to do
   * @return that doorbell
   */
  public static Doorbell at(long offset, int size, long data, Runnable ring) {
    return new Doorbell(offset, size, OptionalLong.of(data), ring);
  }

  /**
   * Whether the same stores match.
   *
   * @param other another doorbell
   * @return true if one region cannot have both
   */
  public boolean collidesWith(Doorbell other) {
    return offset == other.offset && size == other.size && data.equals(other.data);
  }

  /** What it matches. */
  @Override
  public String toString() {
    return "doorbell at " + AddressRange.hex(offset) + (size == 0 ? " of any size" : " of " + size + " bytes")
        + (data.isPresent() ? " with data " + AddressRange.hex(data.getAsLong()) : "");
  }
}
