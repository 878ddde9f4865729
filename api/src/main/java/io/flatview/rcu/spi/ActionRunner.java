package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.util.concurrent.atomic.AtomicLong;

/** Runs actions, one failing by itself, and counts them. */
final class ActionRunner {

  /*
   *   field      | read                      | write                           | guard
   *   begun      | volatile                  | volatile RMW; shut by a closer  | -
   *   reclaimed  | acquire by any            | release by the reclaiming       | single writer
   *   failed     | acquire by any            | release by the reclaiming       | single writer
   *
   * An action passes the gate begun before it runs. A closer whose time is up shuts that gate: what has passed runs or
   * has run, what has not never will, and the difference from the accepted ones is the answer of close, to the last
   * one.
   *
   * A barrier is a count. Say n actions were accepted when it was called, all in bags that are sealed by then, which
   * are taken in the order in which they were sealed. An action retired before has at most n - 1 others ahead of it;
   * so when n have run, it has run.
   */

  private static final System.Logger LOG = System.getLogger(ActionRunner.class.getName());

  private final String failure;
  private final Gate begun = new Gate();
  private final AtomicLong reclaimed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  ActionRunner(String policy) {
    this.failure = "a reclaim action of policy " + policy + " failed; the others run";
  }

  /** For the reclaiming thread: runs what is in a sealed bag, and empties it. */
  void runAll(RetireBag bag) {
    int count = bag.count();
    for (int i = 0; i < count; i++) {
      runUnlessShut(bag.take(i));
    }
  }

  private void runUnlessShut(ReclaimAction action) {
    if (begun.pass()) {
      run(action);
      // Pairs with reclaimed(): a reader of the count sees the effects of the action.
      reclaimed.setRelease(reclaimed.getPlain() + 1);
    }
  }

  private void run(ReclaimAction action) {
    try {
      action.reclaim();
    } catch (Throwable e) { // an Error of one action must not keep the others from running
      failed.setRelease(failed.getPlain() + 1);
      SafeLog.warn(LOG, failure, e);
    }
  }

  /** From here on no action begins. */
  void shut() {
    begun.shut();
  }

  boolean isShut() {
    return begun.isShut();
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
