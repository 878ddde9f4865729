package io.flatview.examples.quickstart;

import io.flatview.memory.MmioHandler;
import java.util.concurrent.Semaphore;

/** A card that is plugged while the CPUs run: it identifies itself at offset 0, and takes greetings at offset 8. */
final class Card implements MmioHandler {

  static final long ID = 0xCA4D;

  private final Semaphore greetings = new Semaphore(0);
  private volatile boolean powered = true;

  @Override
  public long read(long offset, int size) {
    if (!powered) {
      throw new IllegalStateException("the card is read after it was powered off");
    }
    return offset == 0 ? ID : 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    greetings.release();
  }

  void awaitGreetings(int count) throws InterruptedException {
    greetings.acquire(count);
  }

  /** Once no CPU can see the card any more. */
  void powerOff() {
    powered = false;
    System.out.println("card: off");
  }
}
