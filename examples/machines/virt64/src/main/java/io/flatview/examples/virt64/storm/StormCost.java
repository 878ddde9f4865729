package io.flatview.examples.virt64.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The cost of a storm for the harts: the storm is let up every other tenth of a second, and each tenth with a storm is
 * compared with the one before. Pairs so near to each other see the same machine, whatever else that does; their median
 * is what counts. The first seconds are left out, in which code is compiled. One thread runs it, another may stop it.
 */
public final class StormCost implements Runnable {

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofMillis(100);
  private static final Duration GAP = Duration.ofMillis(3);

  private final Storm storm;
  private final LongSupplier executed;
  private final List<Double> ratios = new ArrayList<>();
  private final List<Double> calm = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * A measurement that has not begun.
   *
   * @param storm rages, and runs in a thread of its own
   * @param executed how many instructions were executed
   */
  public StormCost(Storm storm, LongSupplier executed) {
    this.storm = storm;
    this.executed = executed;
  }

  /** Has the thread end soon. */
  public void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    try {
      pause(WARM_UP);
      while (!isStopped()) {
        pair();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void pause(Duration time) throws InterruptedException {
    stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void pair() throws InterruptedException {
    storm.letUp(true);
    pause(GAP);
    double without = rate();
    storm.letUp(false);
    pause(GAP);
    double with = rate();
    if (!isStopped() && without > 0) {
      calm.add(without);
      ratios.add(with / without);
    }
  }

  private double rate() throws InterruptedException {
    long before = executed.getAsLong();
    long start = System.nanoTime();
    pause(WINDOW);
    return (executed.getAsLong() - before) / ((System.nanoTime() - start) / 1e3);
  }

  /**
   * Whether the run was long enough; to be asked once the thread has ended.
   *
   * @return true if there is a number
   */
  public boolean isKnown() {
    return !ratios.isEmpty();
  }

  /** The results; to be called once the thread has ended. */
  @Override
  public String toString() {
    return ratios.isEmpty()
        ? "the run was too short to tell what the storm costs"
        : String.format(Locale.ROOT,
            "%.0f million instructions a second without the storm; with it %.1f %% of that"
                + " (quartiles %.1f and %.1f, %d pairs)",
            quantile(calm, 2), 100 * quantile(ratios, 2), 100 * quantile(ratios, 1), 100 * quantile(ratios, 3),
            ratios.size());
  }

  private static double quantile(List<Double> values, int quarter) {
    return values.stream().sorted().skip((values.size() - 1L) * quarter / 4).findFirst().orElseThrow();
  }
}
