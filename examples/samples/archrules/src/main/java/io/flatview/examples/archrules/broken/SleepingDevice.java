package io.flatview.examples.archrules.broken;

import io.flatview.memory.MmioHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Waits for input inside a guest's read, two calls down. */
final class SleepingDevice implements MmioHandler {

  private final BlockingQueue<Long> input = new LinkedBlockingQueue<>();

  @Override
  public long read(long offset, int size) {
    return next();
  }

  private long next() {
    try {
      return input.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  @Override
  public void write(long offset, int size, long value) {
    input.add(value);
  }
}
