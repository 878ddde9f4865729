package io.flatview.dispatch;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One outermost transaction's ticket, also that of the transactions nested in it. */
final class Ticket implements CommitTicket {

  private static final long UNPUBLISHED = -1;

  private final ReclaimPolicy policy;
  private final CompletableFuture<Void> quiesced = new CompletableFuture<>();
  private volatile long generation = UNPUBLISHED;

  Ticket(ReclaimPolicy policy) {
    this.policy = policy;
  }

  void published(long number) {
    generation = number;
  }

  void reclaimed() {
    quiesced.complete(null);
  }

  void failed(Throwable cause) {
    quiesced.completeExceptionally(cause);
  }

  @Override
  public long generation() {
    if (generation == UNPUBLISHED) {
      throw new IllegalStateException("the commit that publishes this transaction is still to come");
    }
    return generation;
  }

  @Override
  public CompletionStage<Void> quiesced() {
    return quiesced.minimalCompletionStage();
  }

  @Override
  public boolean awaitQuiesced(Duration timeout) throws InterruptedException {
    if (quiesced.isDone()) {
      return ran(0);
    }
    generation();
    long deadline = System.nanoTime() + timeout.toNanos();
    // A grace period started now ends no earlier than that of this commit; its token refuses to wait for its caller.
    return policy.startGracePeriod().await(timeout) && ran(deadline - System.nanoTime());
  }

  private boolean ran(long nanos) throws InterruptedException {
    try {
      quiesced.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the transaction was rolled back", e.getCause());
    }
  }
}
