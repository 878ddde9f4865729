package io.flatview.examples.virt64;

import io.flatview.examples.virt64.time.Ticks;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives a run the time to say its last words when the process is ended by a signal: the run is stopped, and the process
 * goes on ending when it is over, or soon.
 */
final class LastWords implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Runnable stop;
  private final Runnable afterwards;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook = new Thread(this::signalled, "last words");

  /**
   * Waits for signals until it is closed.
   *
   * @param stop has the run end soon; called by another thread
   * @param afterwards is done in any case, after the run
   */
  LastWords(Runnable stop, Runnable afterwards) {
    this.stop = stop;
    this.afterwards = afterwards;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void signalled() {
    stop.run();
    try {
      Ticks.of(PATIENCE).await(longest -> over.await(longest.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    afterwards.run();
  }

  /** The run is over. */
  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The hook runs, and does what is to be done.
      return;
    }
    afterwards.run();
  }
}
