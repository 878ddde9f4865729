package io.flatview.dispatch.commit;

import io.flatview.dispatch.failure.Warnings;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.RejectedRetireException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The handovers of commits that are not retired yet. Thread-safe; the actions run in the policy's thread.
 *
 * <p>To add a handover allocates nothing, so a commit that is published cannot fail there.
 */
public final class Handovers {

  private final ReclaimPolicy policy;

  /** The number of commits that have replaced a generation; guarded by this monitor. */
  private long retired;

  /** The number of replaced generations that are reclaimed; guarded by this monitor. */
  private long reclaimed;

  /** The number of handovers that threads have taken from the queue and not given to the policy yet. */
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * Runs when no handover is under way any more; null while commits may follow. The last thread lowers underWay and
   * then reads this; the ending thread stores this and then reads underWay. All four accesses are volatile: one of the
   * two threads sees the other's store.
   */
  private volatile Runnable end;

  /** The first handover, of the earliest commit; guarded by this monitor. */
  private Handover head;
  private Handover tail;

  /**
   * Makes an empty queue.
   *
   * @param policy the policy that takes the handovers
   */
  public Handovers(ReclaimPolicy policy) {
    this.policy = policy;
  }

  /** Adds the handover of a published commit. */
  void add(Handover handover) {
    handover.handovers = this;
    synchronized (this) {
      retired += handover.replaces() ? 1 : 0;
      if (head == null) {
        head = handover;
      } else {
        tail.next = handover;
      }
      tail = handover;
    }
  }

  /**
   * Adds the handover of a commit that changed no view. A region that the commit removed may still show in an older
   * generation, if an earlier commit hid it: so the handover waits until every generation before the present one is
   * reclaimed. If doorbells or coalesced ranges changed, which readers may be using, the handover waits for a grace
   * period.
   */
  void follow(Handover handover, boolean somethingChanged) {
    if (!somethingChanged && isAllReclaimed()) {
      handover.handovers = this;
      handover.reclaim();
    } else {
      add(handover);
    }
  }

  private synchronized boolean isAllReclaimed() {
    return reclaimed == retired;
  }

  private synchronized Handover poll() {
    Handover first = head;
    if (first != null) {
      underWay.incrementAndGet();
      head = first.next;
      first.next = null;
      tail = head == null ? null : tail;
    }
    return first;
  }

  private synchronized void putBack(Handover handover) {
    handover.next = head;
    if (head == null) {
      tail = handover;
    }
    head = handover;
  }

  /**
   * Retires the handovers through the policy, which may make the caller wait until readers have left their sections: so
   * the caller must hold no lock that a reader may request. The maps are published already, so if the backlog is full,
   * a handover falls back to a grace period of its own. If the policy fails to take a handover, the next caller tries
   * again; if the policy is closed, the handover is abandoned.
   */
  public void handOver() {
    try {
      handAllOver();
    } catch (Throwable thrown) {
      Warnings.log(Handovers.class, "what commits replaced is handed over after the next commit", thrown);
    }
  }

  private void handAllOver() {
    for (Handover next = poll(); next != null; next = poll()) {
      try {
        handOver(next);
      } catch (Throwable thrown) {
        if (!(thrown instanceof IllegalStateException) || !isClosed()) {
          putBack(next);
          Warnings.log(Handovers.class,
              next, " was not taken by the policy, and is offered again after the next commit", thrown);
          return;
        }
        Warnings.log(Handovers.class, next, " cannot be reclaimed any more, as the policy is closed", thrown);
        settle(next, thrown);
      } finally {
        if (underWay.decrementAndGet() == 0 && end != null) {
          end.run();
        }
      }
    }
  }

  /**
   * Retires the handovers as {@link #handOver()} does, and then ends: no commit will follow.
   *
   * @param last runs once the policy has been given all handovers, also those that other threads took from the queue
   *     before: in the calling thread, in the last of those, or in both
   */
  public void end(Runnable last) {
    handOver();
    end = last;
    if (underWay.get() == 0) {
      last.run();
    }
  }

  private void handOver(Handover next) {
    try {
      next.to(policy);
    } catch (RejectedRetireException e) {
      policy.startGracePeriod().stage().whenComplete((_, cause) -> settle(next, cause));
      Warnings.log(Handovers.class,
          "the policy has no room for a replaced map, which waits for a grace period of its own", e);
    }
  }

  /** Ends a handover that waited for a grace period of its own, or for one that the policy gave up. */
  private static void settle(Handover handover, Throwable cause) {
    try {
      if (cause == null) {
        handover.reclaim();
      } else {
        handover.abandon(cause);
      }
    } catch (Throwable thrown) {
      Warnings.log(Handovers.class, handover, " was not reclaimed in full", thrown);
    }
  }

  /** Whether the policy is closed, or has failed, and will not take anything any more. */
  private boolean isClosed() {
    try {
      policy.startGracePeriod();
      return false;
    } catch (IllegalStateException _) {
      return true;
    } catch (Throwable _) { // not known: the next caller tries again
      return false;
    }
  }

  synchronized void ran(Handover handover) {
    reclaimed += handover.replaces() ? 1 : 0;
  }

  /**
   * The number of reclaimed generations.
   *
   * @return 0 before the first
   */
  public synchronized long reclaimed() {
    return reclaimed;
  }
}
