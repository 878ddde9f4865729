package io.flatview.examples.quickstart;

import io.flatview.memory.MmioHandler;
import java.util.concurrent.Phaser;

/** A card that is plugged while the CPUs run: it says who it is at offset 0, and takes greetings at offset 8. */
final class Card implements MmioHandler {

  static final long ID = 0xCA4D;

  private final Phaser greetings = new Phaser(1);
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
    greetings.arrive();
  }

  void awaitGreetings(int count) {
    for (int phase = 0; phase < count; phase++) {
      greetings.awaitAdvance(phase);
    }
  }

  /** Once no CPU can see the card any more. */
  void powerOff() {
    powered = false;
    System.out.println("card: off");
  }
}
