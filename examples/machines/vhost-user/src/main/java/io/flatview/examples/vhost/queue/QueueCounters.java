package io.flatview.examples.vhost.queue;

import java.util.concurrent.atomic.LongAdder;

/** Counts of the work of queues, over all sessions. Thread-safe. */
public final class QueueCounters {

  private final LongAdder requests = new LongAdder();
  private final LongAdder kicks = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder broken = new LongAdder();

  /** All zero. */
  public QueueCounters() {}

  void request() {
    requests.increment();
  }

  void kick() {
    kicks.increment();
  }

  void call() {
    calls.increment();
  }

  void miss() {
    misses.increment();
  }

  void broken() {
    broken.increment();
  }

  /**
   * How many requests were returned.
   *
   * @return a count
   */
  public long requests() {
    return requests.sum();
  }

  /** The counts in one line. */
  @Override
  public String toString() {
    return requests + " requests, " + kicks + " wake-ups, " + calls + " calls, " + misses + " IOTLB misses, " + broken
        + " broken rings";
  }
}
