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
   * it run or have run, all others never will, and close returns the exact number of these. As actions pass in the
   * order of their acceptance, that number also says which they are: so any thread can abandon them, while the
   * reclaiming thread may be in an action that does not end. Two threads that meet there take each action out under
   * the bag's monitor. Forbidden: an action that runs is abandoned, or one is abandoned twice, or by neither.
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

  /** Called by the reclaiming thread: runs the actions in a sealed bag, and empties it; if shut, abandons the rest. */
  void runAll(RetireBag bag) {
    int count = bag.count();
    for (int i = next(bag); i < count && begun.pass(); i++) {
      Thread.interrupted(); // left by the action before, and not meant for this one
      run(bag.take(i));
      // Pairs with reclaimed(): a reader of the count sees the effects of the action.
      reclaimed.setRelease(reclaimed.getPlain() + 1);
    }
    if (begun.isShut()) {
      abandonAll(bag);
    }
  }

  /** Called by any thread once the gate is shut: abandons the actions in a sealed bag that have not begun. */
  void abandonAll(RetireBag bag) {
    int count = bag.count();
    for (int i = next(bag); i < count; i++) {
      ReclaimAction left = bag.takeGivenUp(i);
      if (left != null) {
        abandon(left);
      }
    }
  }

  /** The place of the first action in a bag that has not begun. Actions begin in the order of their acceptance. */
  private int next(RetireBag bag) {
    return (int) Math.clamp(begun.count() - bag.before, 0L, bag.count());
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
