package io.flatview.dispatch.topology;

import io.flatview.dispatch.few.SharedSet;
import io.flatview.rcu.Milestone;

/**
 * The stages that wait for the end of a region. All complete when the memory system ends, also for regions that were
 * not closed. Thread-safe.
 *
 * <p>A waiter enters the set, then reads the flag; the end sets the flag, then reads the set. The flag is volatile, and
 * the set has a lock, so one of the two sees the other. A stage leaves the set once it is complete: one that cannot be
 * completed for want of heap or stack is completed with the next that waits, or at the end.
 */
public final class Releases {

  private final SharedSet<Milestone> awaited = new SharedSet<>();
  private volatile boolean ended;

  /** The reason why the stages fail; set before they end. */
  private volatile Throwable failure;

  Releases() {}

  void await(Milestone release) {
    if (!release.isDone()) {
      awaited.add(release);
      if (release.isDone()) {
        forget(release);
      } else if (ended) {
        completeAll();
      }
    }
  }

  /** Called for a stage that is complete. Allocates nothing. */
  void forget(Milestone release) {
    awaited.remove(release);
  }

  /** Called when no reader can reach any region any more: completes all stages. */
  public void end() {
    ended = true;
    completeAll();
  }

  /**
   * Called if the policy gives up before it knows that no reader can reach any region: all stages fail.
   *
   * @param cause says why
   */
  public void abandon(Throwable cause) {
    failure = cause;
    end();
  }

  private void completeAll() {
    for (Milestone release = awaited.first(); release != null; release = awaited.first()) {
      complete(release);
      forget(release);
    }
  }

  private void complete(Milestone release) {
    Throwable cause = failure;
    if (cause == null) {
      release.reach();
    } else {
      release.fail(cause);
    }
  }
}
