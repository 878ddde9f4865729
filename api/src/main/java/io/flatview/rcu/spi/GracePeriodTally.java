package io.flatview.rcu.spi;

import java.util.concurrent.locks.ReentrantLock;

/** Counts the grace periods that ended, and their time. */
final class GracePeriodTally {

  /**
   * The counts at one moment.
   *
   * @param ended how many grace periods ended; one that was broken off is not counted
   * @param expedited how many of them were hurried
   * @param totalNanos how long they took altogether
   * @param longestNanos how long the longest of them took
   */
  record Counts(long ended, long expedited, long totalNanos, long longestNanos) {}

  private final ReentrantLock lock = new ReentrantLock();
  private long ended;
  private long expedited;
  private long totalNanos;
  private long longestNanos;

  /** Counts a grace period. Allocates nothing. */
  void count(long nanos, boolean fast) {
    lock.lock();
    try {
      ended++;
      expedited += fast ? 1 : 0;
      totalNanos += nanos;
      longestNanos = Math.max(longestNanos, nanos);
    } finally {
      lock.unlock();
    }
  }

  Counts counts() {
    lock.lock();
    try {
      return new Counts(ended, expedited, totalNanos, longestNanos);
    } finally {
      lock.unlock();
    }
  }
}
