package io.flatview.memory;

import java.util.concurrent.CompletionStage;

/** A tap or watch that is registered. */
public interface TapRegistration extends AutoCloseable {

  /**
   * Removes the tap; may be called inside its own callback. No call begins after this returns in the calling thread;
   * calls in other threads may be under way.
   *
   * @return the same stage each time; completes when no call is under way any more and none will begin; dependents run
   *     in a virtual thread
   */
  CompletionStage<Void> remove();

  /** {@link #remove()} without waiting. */
  @Override
  default void close() {
    remove();
  }
}
