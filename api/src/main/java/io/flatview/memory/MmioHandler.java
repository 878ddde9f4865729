package io.flatview.memory;

/**
 * A device's registers, in the simplest form: values in, values out. The device guards its own state, since several
 * threads may call at once unless {@link #rules()} say otherwise.
 */
public interface MmioHandler extends MmioDevice {

  /**
   * The guest reads.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes: 1, 2, 4 or 8, or another size that the rules name as implemented
   * @return the value, little endian unless {@link #rules()} say otherwise; bits above {@code size} bytes are ignored
   */
  long read(long offset, int size);

  /**
   * The guest writes.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes: 1, 2, 4 or 8, or another size that the rules name as implemented
   * @param value the value, little endian unless {@link #rules()} say otherwise, zero-extended
   */
  void write(long offset, int size, long value);

  @Override
  default long read(long offset, int size, MemTx tx) {
    return read(offset, size);
  }

  @Override
  default void write(long offset, int size, long value, MemTx tx) {
    write(offset, size, value);
  }
}
