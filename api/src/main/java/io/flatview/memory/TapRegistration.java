package io.flatview.memory;

import java.util.concurrent.CompletionStage;

/** A tap's place. */
public interface TapRegistration extends AutoCloseable {

  /**
   * Takes the tap out; safe inside its own callback. No call begins after this returns in the calling thread; calls in
   * other threads may be under way.
   *
   * @return completes when no call is under way any more and none will begin; completes in the reclaiming thread. The
   *     same stage each time
   */
  CompletionStage<Void> remove();

  /** {@link #remove()} without waiting. */
  @Override
  default void close() {
    remove();
  }
}
