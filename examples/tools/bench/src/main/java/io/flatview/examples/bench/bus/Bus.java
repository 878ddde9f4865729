package io.flatview.examples.bench.bus;

/** The machine as an interpreter sees it. */
interface Bus extends AutoCloseable {

  /** Loads 1, 2, 4 or 8 bytes, little endian. */
  long load(long address, int size);

  /** Stores 1, 2, 4 or 8 bytes, little endian. */
  void store(long address, int size, long value);

  /** Runs some instructions of the interpreter, which load and store on this bus. */
  default void batch(Runnable instructions) {
    instructions.run();
  }

  @Override
  default void close() {}
}
