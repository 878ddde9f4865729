package io.flatview.examples.quickstart;

import io.flatview.memory.MmioHandler;

/** A device whose only register prints what is written to it. */
final class Console implements MmioHandler {

  @Override
  public long read(long offset, int size) {
    return 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    System.out.println("uart: " + (char) value);
  }
}
