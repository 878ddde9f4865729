package io.flatview.examples.virt64.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a storm costs the harts: it is let up every other tenth of a second, and each tenth with a storm is compared
 * with the one before. Pairs so near to each other see the same machine, whatever else that does; their median is what
 * counts. The first seconds are left out, in which code is compiled. One thread runs it, another may stop it.
 */
public final class StormCost implements Runnable {

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofMillis(100);
  private static final Duration GAP = Duration.ofMillis(3);

  private final Storm storm;
  private final LongSupplier executed;
  private final List<Double> ratios = new ArrayList<>();
  private final List<Double> calm = new ArrayList<>();
  private volatile boolean stopped;

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
    stopped = true;
  }

  @Override
  public void run() {
    try {
      Thread.sleep(WARM_UP);
      while (!stopped) {
        pair();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pair() throws InterruptedException {
    storm.letUp(true);
    Thread.sleep(GAP);
    double without = rate();
    storm.letUp(false);
    Thread.sleep(GAP);
    double with = rate();
    if (!stopped && without > 0) {
      calm.add(without);
      ratios.add(with / without);
    }
  }

  private double rate() throws InterruptedException {
    long before = executed.getAsLong();
    long start = System.nanoTime();
    Thread.sleep(WINDOW);
    return (executed.getAsLong() - before) / ((System.nanoTime() - start) / 1e3);
  }

  /** What was found; to be asked once the thread has ended. */
  @Override
  public String toString() {
    return ratios.isEmpty()
        ? "the run was too short to tell what the storm costs"
        : String.format(
            "%.0f million instructions a second without the storm; with it %.1f %% of that"
                + " (quartiles %.1f and %.1f, %d pairs)",
            quantile(calm, 2), 100 * quantile(ratios, 2), 100 * quantile(ratios, 1), 100 * quantile(ratios, 3),
            ratios.size());
  }

  private static double quantile(List<Double> values, int quarter) {
    return values.stream().sorted().skip((values.size() - 1L) * quarter / 4).findFirst().orElseThrow();
  }
}
