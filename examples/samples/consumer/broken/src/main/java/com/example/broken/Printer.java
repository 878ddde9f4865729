package com.example.broken;

import io.flatview.memory.MmioHandler;

/** Waits for paper in a guest's write. */
final class Printer implements MmioHandler {

  private boolean paper;

  @Override
  public long read(long offset, int size) {
    return 0;
  }

  @Override
  public synchronized void write(long offset, int size, long value) {
    while (!paper) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  synchronized void refill() {
    paper = true;
    notifyAll();
  }
}
