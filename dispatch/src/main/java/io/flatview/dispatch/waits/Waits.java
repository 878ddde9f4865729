package io.flatview.dispatch.waits;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Waits for locks that may be part of a circle. */
public final class Waits {

  /** So long a thread waits that most likely has nothing else, before it enters the graph. */
  private static final int QUIET_MILLIS = 10;

  private static final int LOOK_MILLIS = 1;

  private Waits() {}

  /**
   * Waits for a lock, or until the wait would never end. An interrupt does not end the wait, and is kept. If this
   * throws, the lock is not taken.
   *
   * @param graph the graph that the wait enters
   * @param lock the lock
   * @param wait the wait of the calling thread for that lock
   * @param suspect whether the thread is known to hold something else; any other thread enters the graph only after a
   *     while, since it may hold a map's lock
   * @return null with the lock taken; else the circle
   */
  public static Circle take(WaitGraph graph, Lock lock, Wait wait, boolean suspect) {
    Attempt attempt = new Attempt(lock, suspect ? LOOK_MILLIS : QUIET_MILLIS);
    try {
      return !suspect && attempt.succeeds() ? null : attempt.inGraph(graph, wait);
    } finally {
      attempt.restoreInterrupt();
    }
  }

  /** One thread's attempt to take a lock. */
  private static final class Attempt {

    private final Lock lock;
    private final int millis;
    private boolean interrupted;

    Attempt(Lock lock, int millis) {
      this.lock = lock;
      this.millis = millis;
    }

    boolean succeeds() {
      try {
        return lock.tryLock(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
        return false;
      }
    }

    Circle inGraph(WaitGraph graph, Wait wait) {
      boolean locked = false;
      graph.begin(wait);
      try {
        Circle circle = null;
        while (circle == null && !locked) {
          locked = succeeds();
          circle = locked ? null : graph.endIfCircle(wait.thread(), false);
        }
        graph.end(wait.thread());
        return circle;
      } catch (Throwable e) {
        if (locked) {
          lock.unlock();
        }
        graph.end(wait.thread());
        throw e;
      }
    }

    void restoreInterrupt() {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
