package io.flatview.iommu;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of a model's changes: one thread at a time makes a change and calls the notifiers for it, so that events
 * come in the order of the changes. A thread waits for its turn for a limited time only, as the thread whose turn it is
 * may be in a notifier that waits for a lock of the waiting one. Thread-safe; a turn may be begun again within itself,
 * and is ended as often.
 */
public final class ChangeOrder {

  private final ReentrantLock lock = new ReentrantLock();
  private final long patience;

  /**
   * An order in which no thread has a turn.
   *
   * @param patience how long a thread waits for its turn at most
   */
  public ChangeOrder(Duration patience) {
    this.patience = patience.toNanos();
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
   * @throws IllegalMonitorStateException if it has begun none
   */
  public void end() {
    lock.unlock();
  }
}
