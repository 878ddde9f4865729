package io.flatview.rcu.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * The pauses between two looks at the readers: spins, then yields, then sleeps twice as long each time up to a
 * millisecond. A hurried wait spins ten times as long and never sleeps. Used by one thread.
 *
 * <p>An interrupt would turn every sleep into a spin, so it is taken away, and given back at the end.
 */
final class Backoff implements AutoCloseable {

  private static final int SPINS = 100;
  private static final int HURRIED_SPINS = 1_000;
  private static final int YIELDS = 50;
  private static final long FIRST_SLEEP_NANOS = 2_000;
  private static final long LONGEST_SLEEP_NANOS = 1_000_000;

  private int pauses;
  private long sleepNanos = FIRST_SLEEP_NANOS;
  private boolean interrupted;

  void pause(boolean hurried) {
    pauses++;
    if (pauses <= SPINS || (hurried && pauses <= HURRIED_SPINS)) {
      Thread.onSpinWait();
    } else if (hurried || pauses <= SPINS + YIELDS) {
      Thread.yield();
    } else {
      sleep();
    }
  }

  /** True once waiting has become dearer than reading a clock. */
  boolean isPatient() {
    return pauses > SPINS;
  }

  /** True now and then in a wait that has become long, for checks that cost more than a look. */
  boolean isLong() {
    return pauses % (SPINS + YIELDS) == 0;
  }

  private void sleep() {
    LockSupport.parkNanos(this, sleepNanos);
    interrupted |= Thread.interrupted();
    sleepNanos = Math.min(2 * sleepNanos, LONGEST_SLEEP_NANOS);
  }

  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
