package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.util.concurrent.atomic.AtomicLong;

/** Runs and counts actions; one that throws does not keep the others from running. */
final class ActionRunner {

  /*
   *   field      | read                      | write                           | guard
   *   begun      | volatile                  | volatile RMW; shut by a closer  | -
   *   reclaimed  | acquire by any            | release by the reclaiming       | single writer
   *   failed     | acquire by any            | release by the reclaiming       | single writer
   *   reason     | volatile                  | volatile by any, before shut    | -
   *
   * An action passes the gate begun before it runs. A closer whose time is up shuts that gate: actions that have passed
   * it run or have run, all others never will, and close returns the exact number of these.
   *
   * A barrier is a count. Say n actions were accepted when it was called, all in bags that are sealed by then, which
   * are taken in the order in which they were sealed. An action retired before has at most n - 1 others ahead of it;
   * so when n have run, it has run.
   */

  private final String failure;
  private final Gate begun = new Gate();
  private final AtomicLong reclaimed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile Throwable reason;

  ActionRunner(String policy) {
    this.failure = "a reclaim action of policy " + policy + " failed; the others run";
  }

  /** Called by the reclaiming thread: runs the actions in a sealed bag, and empties it; if shut, abandons them. */
  void runAll(RetireBag bag) {
    int count = bag.count();
    for (int i = 0; i < count; i++) {
      runUnlessShut(bag.take(i));
    }
  }

  private void runUnlessShut(ReclaimAction action) {
    if (begun.pass()) {
      Thread.interrupted(); // left by the action before, and not meant for this one
      run(action);
      // Pairs with reclaimed(): a reader of the count sees the effects of the action.
      reclaimed.setRelease(reclaimed.getPlain() + 1);
    } else {
      abandon(action);
    }
  }

  private void abandon(ReclaimAction action) {
    try {
      action.abandon(reason);
    } catch (Throwable e) { // as below
      SafeLog.warn(ActionRunner.class, failure, e);
    }
  }

  private void run(ReclaimAction action) {
    try {
      action.reclaim();
    } catch (Throwable e) { // an Error of one action must not keep the others from running
      failed.setRelease(failed.getPlain() + 1);
      SafeLog.warn(ActionRunner.class, failure, e);
    }
  }

  /** Shuts the gate: no action begins any more. Of several reasons, one of the first stays. */
  void shut(Throwable why) {
    reason = reason == null ? why : reason;
    begun.shut();
  }

  boolean isShut() {
    return begun.isShut();
  }

  /** Whether so many actions will never have begun, since the gate was shut before. */
  boolean isLost(long actions) {
    return begun.isShut() && begun.count() < actions;
  }

  long begun() {
    return begun.count();
  }

  long reclaimed() {
    return reclaimed.getAcquire();
  }

  long failed() {
    return failed.getAcquire();
  }
}
