package io.flatview.memory;

/**
 * The value that a load of a hole reads, or of a {@linkplain MemoryRegion.Reserved reserved} region, such as the last
 * value on the bus, or that of pull-up resistors. {@link MapReader#lastResult} is a decode error nevertheless.
 */
@FunctionalInterface
public interface OpenBus {

  /** All bits are 0: the default. */
  OpenBus ZEROS = new ConstantBus(0);

  /** All bits are 1, as on a bus with pull-up resistors. */
  OpenBus ONES = new ConstantBus(-1);

  /**
   * The value of a hole. Called by the thread that loads, within its section: once for a load that lies in the hole,
   * and for each byte of a transfer, or of a load that goes beyond the hole. It must not use the reader. On a bus that
   * keeps its last value, the embedder's CPU knows that value and may return it from a field; on a bus that is narrower
   * than the load, the value repeats the bus's in each of its bytes.
   *
   * @param address the address in the space, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, little endian; bits above the size are ignored
   */
  long value(long address, int size);
}
