package io.flatview.examples.races.debate;

import java.io.PrintStream;
import java.time.Duration;

/** Tells, every few seconds, how long a run has taken and will take. */
final class Waiting implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Thread clock;

  private Waiting(Thread clock) {
    this.clock = clock;
  }

  static Waiting start(PrintStream out, int seconds) {
    out.printf("about %d seconds ...%n", seconds);
    return new Waiting(Thread.ofPlatform().daemon().name("progress").start(() -> tell(out, seconds)));
  }

  private static void tell(PrintStream out, int seconds) {
    long start = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(PERIOD);
        out.printf("%d of about %d seconds%n", Duration.ofNanos(System.nanoTime() - start).toSeconds(), seconds);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    clock.interrupt();
  }
}
