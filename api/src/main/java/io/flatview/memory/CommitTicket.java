package io.flatview.memory;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The result of a commit: the generation that it made, and a stage that completes when no reader sees the old map. */
public interface CommitTicket {

  /**
   * The generation in which the changes are visible.
   *
   * @return the number; for a transaction that changed nothing, that of the generation in force
   * @throws IllegalStateException if the transaction was nested, or was opened by a listener, and the commit that
   *     publishes it is still to come
   */
  long generation();

  /**
   * Completes when no reader can see any map before {@link #generation()}; regions that were removed, by this commit or
   * an earlier one, may then be closed or freed. Dependents run in a virtual thread of their own and may block;
   * dependents that are added after the completion run in the thread that adds them.
   *
   * <p>The JDK starts no further virtual thread while all its carriers run virtual threads that compute, even if these
   * yield: so run CPUs that never block in platform threads, or wait with {@link #awaitQuiesced}.
   *
   * @return the stage; completes exceptionally only if the outermost transaction is rolled back, or if the reclamation
   *     policy is closed or fails before it knows that no reader sees the old map
   */
  CompletionStage<Void> quiesced();

  /**
   * Waits for {@link #quiesced()}.
   *
   * @param timeout the longest time to wait
   * @return true if no reader can see the old map, false at the time limit
   * @throws InterruptedException if interrupted while waiting
   * @throws IllegalStateException if called inside a read-side section, which could never end the wait; or where {@link
   *     #quiesced()} completes exceptionally
   */
  boolean awaitQuiesced(Duration timeout) throws InterruptedException;
}
