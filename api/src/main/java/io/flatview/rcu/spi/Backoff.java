package io.flatview.rcu.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * The pauses between two looks at the readers: spins, then yields, then sleeps twice as long each time up to a
 * millisecond. A hurried wait never sleeps. Used by one thread.
 */
final class Backoff {

  private static final int SPINS = 100;
  private static final int YIELDS = 50;
  private static final long FIRST_SLEEP_NANOS = 2_000;
  private static final long LONGEST_SLEEP_NANOS = 1_000_000;

  private int pauses;
  private long sleepNanos = FIRST_SLEEP_NANOS;

  void pause(boolean hurried) {
    pauses++;
    if (pauses <= SPINS) {
      Thread.onSpinWait();
    } else if (hurried || pauses <= SPINS + YIELDS) {
      Thread.yield();
    } else {
      sleep();
    }
  }

  /** True now and then in a wait that has become long, for checks that cost more than a look. */
  boolean isLong() {
    return pauses % (SPINS + YIELDS) == 0;
  }

  private void sleep() {
    LockSupport.parkNanos(this, sleepNanos);
    sleepNanos = Math.min(2 * sleepNanos, LONGEST_SLEEP_NANOS);
  }
}
