package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaRange;

/**
 * Where the three parts of a split virtqueue are, checked as far as can be without a look at memory. A request that no
 * driver may make is a {@link DmaException}.
 *
 * @param size how many descriptors, a power of two
 * @param descriptors the table's first address
 * @param available the available ring's
 * @param used the used ring's
 */
public record RingAddresses(int size, long descriptors, long available, long used) {

  /** As many descriptors as the specification lets a queue have. */
  public static final int LARGEST = 1 << 15;

  static final int DESCRIPTOR_BYTES = 16;
  static final int USED_ENTRY_BYTES = 8;
  private static final int RING_BYTES = 6;

  /** Checks the size, and that no part goes beyond the last address. */
  public RingAddresses {
    checkSize(size, LARGEST);
    new DmaRange(descriptors, descriptorBytes(size));
    new DmaRange(available, availableBytes(size));
    new DmaRange(used, usedBytes(size));
  }

  /**
   * Refuses a size.
   *
   * @param size as the driver gave it
   * @param most that the transport takes
   * @return the size, if it is a power of two
   */
  public static int checkSize(int size, int most) {
    if (size < 1 || size > most || Integer.bitCount(size) != 1) {
      throw new DmaException("a queue of " + Integer.toUnsignedString(size) + " descriptors");
    }
    return size;
  }

  /**
   * One block: descriptors, available ring, and behind the next boundary the used ring.
   *
   * @param size as the driver gave it
   * @param address of the block
   * @param alignment of the used ring, unsigned, as the driver gave it
   * @return the parts
   */
  public static RingAddresses legacy(int size, long address, long alignment) {
    if (Long.bitCount(alignment) != 1) {
      throw new DmaException("a used ring at a multiple of " + alignment);
    }
    long before = descriptorBytes(checkSize(size, LARGEST)) + availableBytes(size);
    DmaRange block = new DmaRange(address, before + alignment + usedBytes(size));
    long used = block.address() + before + alignment - 1 & -alignment;
    return new RingAddresses(size, address, address + descriptorBytes(size), used);
  }

  static long descriptorBytes(int size) {
    return (long) size * DESCRIPTOR_BYTES;
  }

  /** With the event index behind the ring. */
  static long availableBytes(int size) {
    return RING_BYTES + 2L * size;
  }

  /** With the event index behind the ring. */
  static long usedBytes(int size) {
    return RING_BYTES + (long) size * USED_ENTRY_BYTES;
  }
}
