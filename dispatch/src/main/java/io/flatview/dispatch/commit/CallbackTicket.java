package io.flatview.dispatch.commit;

import io.flatview.memory.CommitTicket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The ticket of a transaction that began in a device's callback. Thread-safe. */
final class CallbackTicket implements CommitTicket {

  private final CompletableFuture<CommitTicket> made = new CompletableFuture<>();
  private volatile Throwable failure;

  void follow(CommitTicket ticket) {
    made.complete(ticket);
  }

  /**
   * Fails the ticket. If the heap is exhausted, the stage may stay incomplete; the other methods report the failure
   * even then.
   */
  void fail(Throwable cause) {
    failure = cause;
    try {
      made.completeExceptionally(cause);
    } catch (OutOfMemoryError _) {
      // The stage stays incomplete.
    }
  }

  @Override
  public long generation() {
    return made().generation();
  }

  @Override
  public CompletionStage<Void> quiesced() {
    return made.thenCompose(CommitTicket::quiesced).minimalCompletionStage();
  }

  @Override
  public boolean awaitQuiesced(Duration timeout) throws InterruptedException {
    return made().awaitQuiesced(timeout);
  }

  @Override
  public String toString() {
    return made.isCompletedExceptionally() ? "ticket of a transaction that was refused"
        : made.isDone() ? made.join().toString()
        : "ticket of a transaction that is made when the access has ended";
  }

  private CommitTicket made() {
    if (failure != null) {
      throw new IllegalStateException("the transaction was refused when the access had ended", failure);
    }
    CommitTicket ticket = made.getNow(null);
    if (ticket == null) {
      throw new IllegalStateException("the transaction is made when the access that led to the device has ended");
    }
    return ticket;
  }
}
