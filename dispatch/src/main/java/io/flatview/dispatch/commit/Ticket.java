package io.flatview.dispatch.commit;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.Milestone;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The ticket of an outermost transaction and of the transactions nested in it. */
public final class Ticket implements CommitTicket {

  private static final long UNPUBLISHED = -1;
  private static final long FIRST_MOMENT = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_MOMENT = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReclaimPolicy policy;
  private final Milestone quiesced = new Milestone();
  private volatile long generation = UNPUBLISHED;
  private volatile Throwable failure;
  private volatile Throwable lost;
  private volatile Runnable first;
  private volatile Consumer<Throwable> instead;

  /**
   * Makes a ticket for a future commit.
   *
   * @param policy decides when no reader can see the old map
   */
  public Ticket(ReclaimPolicy policy) {
    this.policy = policy;
  }

  /**
   * Sets work of this library that is done before the stage ends: {@code work} in the reclaiming thread, or {@code
   * otherwise} if the policy gives up.
   */
  void first(Runnable work, Consumer<Throwable> otherwise) {
    instead = otherwise;
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

  /** The policy gave up: no thread will know when no reader sees the old map. */
  void abandoned(Throwable cause) {
    lost = cause;
    try {
      if (instead != null) {
        instead.accept(cause);
      }
    } finally {
      quiesced.fail(cause);
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
        : "ticket of generation " + generation
            + (lost != null ? ", given up by the policy" : quiesced.isDone() ? ", quiesced" : "");
  }

  @Override
  public CompletionStage<Void> quiesced() {
    return quiesced.stage();
  }

  @Override
  public boolean awaitQuiesced(Duration timeout) throws InterruptedException {
    generation();
    long nanos = TimeUnit.NANOSECONDS.convert(timeout);
    return quiesced.isDone() ? isReached() : awaitGracePeriods(System.nanoTime(), nanos);
  }

  /**
   * Waits for a grace period, then a moment for the action that ends the stage, and so on. The action may have to wait
   * for a later grace period, as earlier actions run. Only while the calling thread waits for a token do its own
   * readers hold up nothing, and does it notice that the policy has given up; the token refuses to wait for its caller.
   */
  private boolean awaitGracePeriods(long start, long nanos) throws InterruptedException {
    long moment = FIRST_MOMENT;
    long left = Math.max(nanos, 0);
    GracePeriod period = policy.startGracePeriod();
    while (period.await(Duration.ofNanos(left))) {
      left = Math.max(nanos - (System.nanoTime() - start), 0);
      if (ran(Math.min(left, moment))) {
        return true;
      }
      if (left == 0) {
        return false;
      }
      moment = Math.min(2 * moment, LONGEST_MOMENT);
      period = after(period);
    }
    return quiesced.isDone() && isReached();
  }

  /** A policy that is being closed starts no grace period, but still runs the actions that it has. */
  private GracePeriod after(GracePeriod ended) {
    try {
      return policy.startGracePeriod();
    } catch (IllegalStateException _) {
      return ended;
    }
  }

  /** Called when the stage has ended; throws if it failed. */
  private boolean isReached() {
    if (lost != null) {
      throw new IllegalStateException("the policy gave up before it knew that no reader sees the old map", lost);
    }
    if (failure != null) {
      throw rolledBack(failure);
    }
    return true;
  }

  private boolean ran(long nanos) throws InterruptedException {
    try {
      quiesced.stage().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return quiesced.isDone() && isReached();
    } catch (ExecutionException e) {
      return isReached();
    }
  }
}
