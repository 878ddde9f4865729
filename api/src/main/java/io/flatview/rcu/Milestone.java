package io.flatview.rcu;

import io.flatview.stack.Headroom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * An event that happens once, such as the end of a grace period, and on which code of programs can depend. That code
 * runs in a virtual thread of its own, not in the thread that calls {@link #reach()}: it may block for as long as it
 * likes and holds up no other code. Only if there is no memory for a thread, it runs in the calling thread. A milestone
 * whose {@link #stage()} is never taken costs no thread.
 *
 * <p><b>Threading.</b> Safe for any number of threads. An action that happens before {@link #reach()} happens before
 * the dependents of a stage, and before {@link #isDone()} answers true.
 */
public final class Milestone {

  /*
   *   field | read                | write                        | guard
   *   state | acquire, and by RMW | volatile RMW by any          | -
   *
   * null, then maybe a Pending, then at last an Outcome. stage() turns null into a Pending by a CAS; the thread that
   * ends it replaces the state by a CAS, and tries again if a Pending came in between. Forbidden: a stage is handed out
   * that is never completed, since the end came in between.
   */

  private record Pending(CompletableFuture<Void> future, CompletionStage<Void> view) {

    static Pending create() {
      CompletableFuture<Void> future = new CompletableFuture<>();
      return new Pending(future, future.minimalCompletionStage());
    }
  }

  private record Outcome(Throwable failure) {

    CompletionStage<Void> stage() {
      return failure == null ? CompletableFuture.completedStage(null) : CompletableFuture.failedStage(failure);
    }

    void tell(CompletableFuture<Void> future) {
      if (failure == null) {
        future.complete(null);
      } else {
        future.completeExceptionally(failure);
      }
    }
  }

  private static final Outcome REACHED = new Outcome(null);
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Milestone.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Accessed through STATE only.
  private Object state;

  /** A milestone that has not been reached. */
  public Milestone() {}

  /** Reaches the milestone. Allocates nothing unless a stage was taken; does nothing after the end. */
  public void reach() {
    end(REACHED);
  }

  /**
   * Says that the milestone will never be reached. Does nothing after the end.
   *
   * @param cause the exception with which stages complete
   */
  public void fail(Throwable cause) {
    end(new Outcome(Objects.requireNonNull(cause, "cause")));
  }

  /**
   * Whether the milestone was reached, or will never be.
   *
   * @return true from then on
   */
  public boolean isDone() {
    return STATE.getAcquire(this) instanceof Outcome;
  }

  /**
   * A stage that completes with the milestone. Its dependents run in a virtual thread, or in the thread that adds them
   * if it is complete by then.
   *
   * @return the same stage until the end, and a completed one afterwards
   */
  public CompletionStage<Void> stage() {
    Object seen = STATE.getAcquire(this);
    if (seen == null) {
      Pending fresh = Pending.create();
      seen = STATE.compareAndExchange(this, (Object) null, (Object) fresh);
      seen = seen == null ? fresh : seen;
    }
    return seen instanceof Outcome outcome ? outcome.stage() : ((Pending) seen).view;
  }

  private void end(Outcome outcome) {
    Object seen = STATE.getAcquire(this);
    while (!(seen instanceof Outcome)) {
      if (seen != null) {
        Headroom.require(); // or a stack overflow might come after the state has changed and before the stage ends
      }
      Object found = STATE.compareAndExchange(this, seen, (Object) outcome);
      if (found == seen) {
        tell(seen, outcome);
        return;
      }
      seen = found;
    }
  }

  private static void tell(Object before, Outcome outcome) {
    if (before instanceof Pending pending) {
      tellElsewhere(pending.future, outcome);
    }
  }

  /**
   * Completes the stage in a virtual thread; in the calling thread if there is no memory for another, which the
   * scheduler of virtual threads may also answer by a refusal.
   */
  private static void tellElsewhere(CompletableFuture<Void> future, Outcome outcome) {
    try {
      Thread.ofVirtual().name("flatview-stage").inheritInheritableThreadLocals(false).start(() -> outcome.tell(future));
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      outcome.tell(future);
    }
  }
}
