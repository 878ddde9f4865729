package io.flatview.rcu.spi;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Runs the grace periods of one policy, each in the thread that needs it first. */
final class GracePeriodDriver {

  /*
   * A thread that needs a grace period takes the turn and runs it, a platform thread that calls synchronize as well as
   * the reclaiming thread: handing the work to another thread and being woken by it would cost more than the grace
   * period. A thread that finds the turn taken waits until its own grace period has ended, run by any thread, or the
   * turn is free. The turn is given back before waiters are woken. Forbidden: a waiter finds the turn taken, sleeps,
   * and is never woken.
   *
   *   field    | read      | write                       | guard
   *   turn     | by any    | tryLock and unlock          | -
   *   driver   | volatile  | volatile by the driver      | turn
   */

  private final Flavour flavour;
  private final ReaderRegistry registry;
  private final GracePeriods periods;
  private final Progress progress;
  private final StallWatch stalls;
  private final Telemetry telemetry;
  private final ActionRunner runner;
  private final MemoryLoad memory;
  private final ReentrantLock turn = new ReentrantLock();
  private final GracePeriodTally tally = new GracePeriodTally();
  private volatile Thread driver;

  /**
   * Makes a driver. It breaks off its waits once the runner is shut, and checks readers more often while much
   * memory waits.
   */
  GracePeriodDriver(
      Flavour flavour, ReaderRegistry registry, GracePeriods periods, Progress progress, StallWatch stalls,
      Telemetry telemetry, ActionRunner runner, MemoryLoad memory) {
    this.flavour = flavour;
    this.registry = registry;
    this.periods = periods;
    this.progress = progress;
    this.stalls = stalls;
    this.telemetry = telemetry;
    this.runner = runner;
    this.memory = memory;
  }

  /**
   * Waits until the grace period has ended, or the policy has given up. Interrupts do not break the wait and are not
   * lost.
   */
  void awaitEnd(long target) {
    while (isWanted(target)) {
      if (turn.tryLock()) {
        takeTurn(target);
      } else {
        progress.awaitThroughInterrupts(() -> !isWanted(target) || !turn.isLocked(), Long.MAX_VALUE);
      }
    }
  }

  /** Whether the calling thread is running a grace period, and so was called by it. */
  boolean isDriving() {
    return turn.isHeldByCurrentThread();
  }

  /** Expedites a grace period, even if its driver is asleep. */
  void expedite(long target) {
    periods.expedite(target);
    LockSupport.unpark(driver);
  }

  /** The grace periods so far. */
  GracePeriodTally.Counts counts() {
    return tally.counts();
  }

  private boolean isWanted(long target) {
    return !periods.hasEnded(target) && !runner.isShut();
  }

  private void takeTurn(long target) {
    driver = Thread.currentThread();
    try {
      while (isWanted(target)) {
        runOne();
      }
    } finally {
      driver = null;
      turn.unlock();
      progress.announce();
    }
  }

  private void runOne() {
    final long start = System.nanoTime();
    final Object event = telemetry.beginGracePeriod();
    stalls.sweep();
    long number = periods.begin();
    stalls.begin(number, start);
    boolean fast = periods.isExpedited();
    if (awaitReaders(flavour.begin(registry.snapshot()))) {
      fast |= periods.isExpedited();
      tally.count(System.nanoTime() - start, fast); // first, so that a waiting thread finds it counted
      periods.end(number);
      telemetry.endGracePeriod(event, flavour.name(), number, fast);
    }
  }

  private boolean awaitReaders(Scan scan) {
    try (Backoff backoff = new Backoff()) {
      while (!scan.isOver()) {
        if (runner.isShut()) {
          return false;
        }
        backoff.pause(periods.isExpedited(), memory.isLarge());
        lookAround(scan, backoff);
      }
      return true;
    }
  }

  /** Reports a stall if it is time; ignores a failure, since the wait must go on even without memory. */
  private void lookAround(Scan scan, Backoff backoff) {
    try {
      if (backoff.isLong()) {
        stalls.sweep();
      }
      if (backoff.isPatient()) {
        stalls.check(scan);
      }
    } catch (VirtualMachineError e) {
      // there will be another look
    }
  }
}
