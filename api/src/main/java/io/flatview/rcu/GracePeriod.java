package io.flatview.rcu;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A token for a grace period, which is over when every section that was open at {@link
 * ReclaimPolicy#startGracePeriod()} has ended. Nothing needs to be done with a token; dropping it costs nothing.
 */
public interface GracePeriod {

  /**
   * Whether the grace period is over.
   *
   * @return true once it is; never blocks
   */
  boolean poll();

  /**
   * Waits for the end.
   *
   * @param timeout the longest time to wait
   * @return true if it is over, false at the time limit
   * @throws InterruptedException if interrupted while waiting
   * @throws IllegalStateException as {@link ReclaimPolicy#synchronize}, or if the policy was closed and gave this grace
   *     period up
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * A stage that completes at the end. Its dependents run in a virtual thread, or at once if the grace period is over
   * by then; they may block, and hold up no other thread. It completes exceptionally if the policy is closed and gives
   * this grace period up.
   *
   * <p>The JDK starts no further virtual thread while all its carriers run virtual threads that compute, even if these
   * yield; {@link #await} and {@link #poll} do not depend on that.
   *
   * @return a stage that completes at the end
   */
  CompletionStage<Void> stage();
}
