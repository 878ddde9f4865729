package io.flatview.dispatch.commit;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.Milestone;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The ticket of a transaction that began in a device's callback. Thread-safe.
 *
 * <p>The threads that settle it hold locks of devices, or the map's: so dependents of its stage run in a virtual
 * thread, as those of other tickets do.
 */
final class CallbackTicket implements CommitTicket {

  private final Milestone quiesced = new Milestone();
  private volatile Throwable failure;

  /** The ticket of the commit; written under this monitor. */
  private volatile CommitTicket made;

  /** Whether the stage was taken before there was a ticket to follow; guarded by this monitor. */
  private boolean taken;

  void follow(CommitTicket ticket) {
    boolean awaited;
    synchronized (this) {
      made = ticket;
      awaited = taken;
    }
    if (awaited) {
      ticket.quiesced().whenComplete((_, thrown) -> end(thrown));
    }
  }

  private void end(Throwable thrown) {
    if (thrown == null) {
      quiesced.reach();
    } else {
      quiesced.fail(thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown);
    }
  }

  /**
   * Fails the ticket. Out of heap or stack, the stage may stay incomplete; the other methods report the failure even
   * then.
   */
  void fail(Throwable cause) {
    failure = cause;
    try {
      quiesced.fail(cause);
    } catch (OutOfMemoryError | StackOverflowError _) {
      // The stage stays incomplete.
    }
  }

  @Override
  public long generation() {
    return made().generation();
  }

  @Override
  public synchronized CompletionStage<Void> quiesced() {
    CommitTicket ticket = made;
    taken |= ticket == null;
    return ticket == null ? quiesced.stage() : ticket.quiesced();
  }

  @Override
  public boolean awaitQuiesced(Duration timeout) throws InterruptedException {
    return made().awaitQuiesced(timeout);
  }

  @Override
  public String toString() {
    CommitTicket ticket = made;
    return failure != null ? "ticket of a transaction that was refused"
        : ticket != null ? ticket.toString()
        : "ticket of a transaction that is made when the access has ended";
  }

  private CommitTicket made() {
    if (failure != null) {
      throw new IllegalStateException("the transaction was refused when the access had ended", failure);
    }
    CommitTicket ticket = made;
    if (ticket == null) {
      throw new IllegalStateException("the transaction is made when the access that led to the device has ended");
    }
    return ticket;
  }
}
