package io.flatview.examples.bench.bus;

import io.flatview.memory.MmioHandler;

/** A trivial device, for any bus. */
final class Device implements MmioHandler {

  private final long number;
  private long written;

  Device(long number) {
    this.number = number;
  }

  @Override
  public long read(long offset, int size) {
    return number + offset + written;
  }

  @Override
  public void write(long offset, int size, long value) {
    written = value;
  }
}
