package io.flatview.examples.archrules.machine;

import io.flatview.memory.MmioHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** Counts under a short lock, and leaves the waiting to another thread. */
final class Doorbell implements MmioHandler {

  private final Executor slowWork;
  private final CountDownLatch heard = new CountDownLatch(1);
  private long rings;

  Doorbell(Executor slowWork) {
    this.slowWork = slowWork;
  }

  @Override
  public long read(long offset, int size) {
    return rings();
  }

  @Override
  public void write(long offset, int size, long value) {
    synchronized (this) {
      rings++;
    }
    heard.countDown();
    slowWork.execute(this::awaitQuiet);
    slowWork.execute(() -> awaitQuiet());
  }

  synchronized long rings() {
    return rings;
  }

  private void awaitQuiet() {
    try {
      heard.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
