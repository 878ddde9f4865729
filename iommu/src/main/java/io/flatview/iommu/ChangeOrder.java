package io.flatview.iommu;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of a model's changes: one thread at a time makes a change and calls the notifiers for it, so that events
 * come in the order of the changes. A thread does not wait for ever for its turn, as the thread whose turn it is may be
 * in a notifier that waits for a lock of the waiting one: it gives up when that one does not {@linkplain #getOn() get
 * on}. Thread-safe; a turn may be begun again within itself, and is ended as often. If a notifier makes a change in
 * turn, the calls for that follow those that are being made: otherwise a notifier that is still to be called for the
 * first change would be called for the second before.
 */
public final class ChangeOrder {

  /** The largest number of calls for one change and its answers: notifiers might answer each other for ever. */
  static final int MOST = 1 << 16;

  /** The calls that are still to be made; guarded by the lock. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  /** A wait is counted in steps, and not by the clock: on a machine that is held up, no turn gets on. */
  private static final Duration STEP = Duration.ofMillis(20);

  private final ReentrantLock lock;
  private final long steps;

  /** Advances as the turn gets on. Written under the lock, read by threads that wait for it, which only compare it. */
  private volatile long progress;

  /**
   * An order in which no thread has a turn.
   *
   * @param patience how long a thread waits for its turn while the one that has it does not get on
   */
  public ChangeOrder(Duration patience) {
    this(patience, new ReentrantLock());
  }

  ChangeOrder(Duration patience, ReentrantLock lock) {
    steps = patience.plus(STEP).minusNanos(1).dividedBy(STEP);
    this.lock = lock;
  }

  /**
   * Begins a turn, after those of other threads. Waits also if the calling thread is interrupted, which it stays:
   * events must come in order then, too.
   *
   * @return true if the turn has begun, which {@link #end} ends; false if another thread's turn does not get on
   */
  public boolean begin() {
    boolean interrupted = false;
    try {
      long seen = progress;
      boolean begun = lock.tryLock();
      for (long left = steps; !begun && left > 0; ) {
        try {
          begun = lock.tryLock(STEP.toNanos(), TimeUnit.NANOSECONDS);
          long now = progress;
          left = now == seen ? left - 1 : steps;
          seen = now;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return begun;
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
   * Says that the calling thread gets on with its turn, so that others go on waiting for it. To be called after each of
   * many calls or steps of a search; without effect outside a turn.
   */
  public void getOn() {
    if (lock.isHeldByCurrentThread()) {
      progress++;
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
      getOn();
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
