package io.flatview.rcu.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * Pauses between two checks of the readers: it spins at first, and then sleeps, twice as long each time, up to a
 * millisecond. For an expedited grace period it spins twice as long, and its sleeps stay short. Used by one thread.
 *
 * <p>It does not yield. Where readers outnumber processors, the awaited reader may need the processor of the waiting
 * thread. A yield costs that thread a time slice of milliseconds, a sleep only the wake-up.
 *
 * <p>A pending interrupt would end every sleep at once, so the interrupt flag is cleared, and set again at the end.
 */
final class Backoff implements AutoCloseable {

  private static final int SPINS = 100;
  private static final int HURRIED_SPINS = 2 * SPINS;
  private static final int LONG = 150;
  private static final long FIRST_SLEEP_NANOS = 2_000;
  private static final long PRESSED_SLEEP_NANOS = 100_000;
  private static final long LONGEST_SLEEP_NANOS = 1_000_000;

  private int pauses;
  private long sleepNanos = FIRST_SLEEP_NANOS;
  private boolean interrupted;

  /**
   * Pauses.
   *
   * @param hurried whether the grace period is expedited
   * @param pressed whether much memory waits for it: no sleep is longer than 100 microseconds
   */
  void pause(boolean hurried, boolean pressed) {
    pauses++;
    if (pauses <= SPINS || (hurried && pauses <= HURRIED_SPINS)) {
      Thread.onSpinWait();
    } else {
      sleep(hurried ? FIRST_SLEEP_NANOS : pressed ? PRESSED_SLEEP_NANOS : LONGEST_SLEEP_NANOS);
    }
  }

  /** True once the wait has been so long that reading a clock costs little beside it. */
  boolean isPatient() {
    return pauses > SPINS;
  }

  /** True at some of the pauses of a long wait, for checks that cost more than a check of the readers. */
  boolean isLong() {
    return pauses % LONG == 0;
  }

  private void sleep(long longest) {
    LockSupport.parkNanos(this, Math.min(sleepNanos, longest));
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
