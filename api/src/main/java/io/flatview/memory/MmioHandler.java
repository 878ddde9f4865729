package io.flatview.memory;

/**
 * A device's registers, as the guest sees them.
 *
 * <p>Both methods run in the accessing thread, inside its read-side section, possibly in several threads at once: the
 * device guards its own state. They must not block and must not wait for a grace period.
 */
public interface MmioHandler {

  /**
   * The guest reads.
   *
   * @param offset where in the region, unsigned
   * @param size how many bytes: 1, 2, 4 or 8
   * @return the value, little endian; bits above {@code size} bytes are ignored
   */
  long read(long offset, int size);

  /**
   * The guest writes.
   *
   * @param offset where in the region, unsigned
   * @param size how many bytes: 1, 2, 4 or 8
   * @param value the value, little endian, zero-extended
   */
  void write(long offset, int size, long value);
}
