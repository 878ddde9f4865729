package io.flatview.examples.quickstart;

import io.flatview.memory.MmioHandler;

/** Its only register counts nanoseconds since power on. */
final class Timer implements MmioHandler {

  private final long start = System.nanoTime();

  @Override
  public long read(long offset, int size) {
    return System.nanoTime() - start;
  }

  @Override
  public void write(long offset, int size, long value) {}
}
