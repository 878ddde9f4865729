package io.flatview.rcu;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A token for a grace period: over when every section that was open at {@link ReclaimPolicy#startGracePeriod()} has
 * ended. Nothing needs to be done with a token; dropping it costs nothing.
 */
public interface GracePeriod {

  /**
   * Asks whether the grace period is over.
   *
   * @return true once it is; never blocks
   */
  boolean poll();

  /**
   * Waits for the end.
   *
   * @param timeout how long at most
   * @return true if it is over, false at the time limit
   * @throws InterruptedException if interrupted while waiting
   * @throws IllegalStateException as {@link ReclaimPolicy#synchronize}, or if the policy was closed and gave this grace
   *     period up
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * A stage that completes at the end. What depends on it runs in a virtual thread, or at once if the grace period is
   * over by then; it may block, and holds up nobody. It completes exceptionally if the policy is closed and gives this
   * grace period up.
   *
   * @return the stage
   */
  CompletionStage<Void> stage();
}
