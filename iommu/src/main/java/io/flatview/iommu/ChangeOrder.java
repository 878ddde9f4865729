package io.flatview.iommu;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of a model's changes: one thread at a time makes a change and calls the notifiers for it, so that events
 * come in the order of the changes. A thread waits for its turn for a limited time only, as the thread whose turn it is
 * may be in a notifier that waits for a lock of the waiting one. Thread-safe; a turn may be begun again within itself,
 * and is ended as often. If a notifier makes a change in turn, the calls for that follow those that are being made:
 * otherwise a notifier that is still to be called for the first change would be called for the second before.
 */
public final class ChangeOrder {

  /** The largest number of calls for one change and its answers: notifiers might answer each other for ever. */
  static final int MOST = 1 << 16;

  /** The calls that are still to be made; guarded by the lock. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final long patience;

  /**
   * An order in which no thread has a turn.
   *
   * @param patience how long a thread waits for its turn at most
   */
  public ChangeOrder(Duration patience) {
    this.patience = TimeUnit.NANOSECONDS.convert(patience);
  }

  /**
   * Begins a turn, after those of other threads. Waits also if the calling thread is interrupted, which it stays:
   * events must come in order then, too.
   *
   * @return true if the turn has begun, which {@link #end} ends; false if another thread's turn has lasted too long
   */
  public boolean begin() {
    long end = System.nanoTime() + patience;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
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

  /**
   * Ends a turn that the calling thread has begun.
   *
   * @throws IllegalStateException if it has begun none
   */
  public void end() {
    requireTurn();
    lock.unlock();
  }

  private void requireTurn() {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("thread '" + Thread.currentThread().getName()
          + "' has no turn in " + this + "; call begin() first, and end() only if that returned true");
    }
  }

  /**
   * Makes the calls for a change in the calling thread's turn, after those for earlier changes. If the thread is making
   * such calls already, returns at once, and the calls follow.
   *
   * @param calls the calls; if they throw, the calls for answers are made all the same, and the first failure is thrown
   * @throws IllegalStateException if the calling thread has begun no turn, or notifiers answer each change by another
   *     one
   */
  public void call(Runnable calls) {
    requireTurn();
    waiting.add(calls);
    if (lock.getHoldCount() == 1) {
      callAll();
    }
  }

  private void callAll() {
    Failures failures = new Failures();
    int made = 0;
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      failures.collect(next);
      if (++made == MOST) {
        waiting.clear();
        failures.collect(ChangeOrder::refuse);
      }
    }
    failures.rethrow();
  }

  private static void refuse() {
    throw new IllegalStateException("notifiers have made " + MOST + " changes in answer to one; further ones are in"
        + " force, and no notifier is called for them: a notifier must not answer each change by another one");
  }

  @Override
  public String toString() {
    return "order of changes" + (lock.isLocked() ? ", in which another thread has its turn" : "");
  }
}
