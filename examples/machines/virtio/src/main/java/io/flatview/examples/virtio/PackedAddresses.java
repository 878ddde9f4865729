package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaRange;

/**
 * Where the three parts of a packed virtqueue are, checked as far as can be without a look at memory. A request that no
 * driver may make is a {@link DmaException}.
 *
 * @param size how many descriptors
 * @param descriptors the ring's first address
 * @param driverEvents where the driver says when it wants an interrupt
 * @param deviceEvents where the device says when it wants a kick
 */
public record PackedAddresses(int size, long descriptors, long driverEvents, long deviceEvents) {

  static final int EVENTS_BYTES = 4;

  /** Checks the size, and that no part goes beyond the last address. */
  public PackedAddresses {
    checkSize(size);
    new DmaRange(descriptors, RingAddresses.descriptorBytes(size));
    new DmaRange(driverEvents, EVENTS_BYTES);
    new DmaRange(deviceEvents, EVENTS_BYTES);
  }

  /**
   * Refuses a size; it need not be a power of two.
   *
   * @param size as the driver gave it
   * @return the size
   */
  public static int checkSize(int size) {
    if (size < 1 || size > RingAddresses.LARGEST) {
      throw new DmaException("a packed queue of " + Integer.toUnsignedString(size) + " descriptors");
    }
    return size;
  }
}
