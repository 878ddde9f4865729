package io.flatview.examples.cli.demo;

import java.time.Duration;

/** Shows how far a run is that tells nothing itself. */
final class Ticker implements AutoCloseable {

  private final Thread clock;

  private Ticker(Thread clock) {
    this.clock = clock;
  }

  static Ticker start(Progress progress, Duration whole) {
    return new Ticker(Thread.ofPlatform().daemon().name("progress").start(() -> run(progress, whole)));
  }

  private static void run(Progress progress, Duration whole) {
    long start = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(progress.periodMillis());
        progress.show((System.nanoTime() - start) / 1e9, whole.toNanos() / 1e9);
      }
    } catch (InterruptedException e) {
      progress.finish();
    }
  }

  @Override
  public void close() {
    clock.interrupt();
    try {
      clock.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
