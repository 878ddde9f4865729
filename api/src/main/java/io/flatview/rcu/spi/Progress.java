package io.flatview.rcu.spi;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Lets threads wait for progress of the reclaiming thread. */
final class Progress {

  /*
   * Waiters check again every 100 ms without being woken: a thread that runs a grace period for itself may run out of
   * stack or memory before it announces that its turn is over.
   */

  private static final long LONGEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Wakes the waiters, after the caller has made a condition true. */
  void announce() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a condition; returns whether it holds. */
  boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!condition.getAsBoolean() && left > 0) {
        long sleep = Math.min(left, LONGEST_SLEEP);
        left -= sleep - changed.awaitNanos(sleep);
      }
      return condition.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #await}, but not broken by interrupts: the flag of the calling thread is set again at the end. */
  boolean awaitThroughInterrupts(BooleanSupplier condition, long nanos) {
    long deadline = System.nanoTime() + Math.clamp(nanos, 0, Long.MAX_VALUE / 2);
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return await(condition, deadline - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
