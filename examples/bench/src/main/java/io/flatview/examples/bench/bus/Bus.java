package io.flatview.examples.bench.bus;

/** What an interpreter knows of its machine. */
interface Bus extends AutoCloseable {

  /** Loads 1, 2, 4 or 8 bytes, little endian. */
  long load(long address, int size);

  /** Stores 1, 2, 4 or 8 bytes, little endian. */
  void store(long address, int size, long value);

  /** The interpreter begins some instructions. */
  default void beginBatch() {}

  /** The interpreter has run them. */
  default void endBatch() {}

  @Override
  default void close() {}
}
