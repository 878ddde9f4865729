package io.flatview.dispatch.commit;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.Milestone;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ticket of an outermost transaction and of the transactions nested in it. */
public final class Ticket implements CommitTicket {

  private static final long UNPUBLISHED = -1;

  private final ReclaimPolicy policy;
  private final Milestone quiesced = new Milestone();
  private volatile long generation = UNPUBLISHED;
  private volatile Throwable failure;
  private volatile Runnable first;

  /**
   * Makes a ticket for a future commit.
   *
   * @param policy decides when no reader can see the old map
   */
  public Ticket(ReclaimPolicy policy) {
    this.policy = policy;
  }

  /** Sets work of this library that runs in the reclaiming thread before the stage completes. */
  void first(Runnable work) {
    first = work;
  }

  void published(long number) {
    generation = number;
  }

  void reclaimed() {
    try {
      if (first != null) {
        first.run();
      }
    } finally {
      quiesced.reach();
    }
  }

  boolean isPublished() {
    return generation != UNPUBLISHED;
  }

  /** Fails the ticket, unless the transaction was published or rolled back already. */
  void failUnlessSettled(Throwable cause) {
    if (!isPublished() && failure == null) {
      failed(cause);
    }
  }

  void failed(Throwable cause) {
    failure = cause;
    quiesced.fail(cause);
  }

  @Override
  public long generation() {
    if (failure != null) {
      throw rolledBack(failure);
    }
    if (generation == UNPUBLISHED) {
      throw new IllegalStateException("the commit that publishes this transaction is still to come");
    }
    return generation;
  }

  private static IllegalStateException rolledBack(Throwable cause) {
    return new IllegalStateException("the transaction was rolled back", cause);
  }

  @Override
  public String toString() {
    return failure != null ? "ticket of a transaction that was rolled back"
        : generation == UNPUBLISHED ? "ticket of a commit to come"
        : "ticket of generation " + generation + (quiesced.isDone() ? ", quiesced" : "");
  }

  @Override
  public CompletionStage<Void> quiesced() {
    return quiesced.stage();
  }

  @Override
  public boolean awaitQuiesced(Duration timeout) throws InterruptedException {
    generation();
    if (quiesced.isDone()) {
      return true;
    }
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    // A grace period started now ends no earlier than that of this commit; its token refuses to wait for its caller.
    return policy.startGracePeriod().await(timeout) && ran(deadline - System.nanoTime());
  }

  private boolean ran(long nanos) throws InterruptedException {
    try {
      quiesced.stage().toCompletableFuture().get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return quiesced.isDone();
    } catch (ExecutionException e) {
      throw rolledBack(e.getCause());
    }
  }
}
