package io.flatview.rcu;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The limits on memory and time of a {@link ReclaimPolicy}. Immutable; start from {@link #defaults()}.
 *
 * <p>The limits hold also if several threads retire at once. At a limit its policy decides; the block of memory that
 * reaches the limit may be larger than the room that was left.
 *
 * <table class="striped">
 * <caption>The limits to choose</caption>
 * <thead><tr><th scope="col">retired</th><th scope="col">limit</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">mappings, native memory</th><td>the memory limit, with {@link BacklogPolicy#THROTTLE}: each
 * costs resources that the heap does not show</td></tr>
 * <tr><th scope="row">objects that a lock protects while they are retired</th><td>{@link BacklogPolicy#REPORT}: the
 * holder of the lock must not wait</td></tr> <tr><th scope="row">requests of other parties, each with memory to
 * free</th><td>{@link BacklogPolicy#REJECT}: the request is refused, and the others proceed</td></tr>
 * </tbody>
 * </table>
 *
 * @param backlogLimit the number of actions that may wait for their grace period, at least 1
 * @param backlogPolicy the treatment of an action beyond that
 * @param memoryLimit the memory outside the heap that may wait, and the treatment of a block beyond that
 * @param stallThreshold the time that a grace period may take before it is reported; more reports of the same one
 *     follow at growing intervals
 * @param closeDeadline the time that {@link ReclaimPolicy#close()} waits
 * @param stallListener called for every stall, in the thread that runs the grace period, and for every reader that was
 *     left behind, in the thread that notices: it must not block, and cannot wait for this policy
 */
public record ReclaimOptions(
    long backlogLimit, BacklogPolicy backlogPolicy, MemoryLimit memoryLimit, Duration stallThreshold,
    Duration closeDeadline, Consumer<StallReport> stallListener) {

  private static final ReclaimOptions DEFAULTS = new ReclaimOptions(
      1_000_000, BacklogPolicy.REPORT, MemoryLimit.defaults(), Duration.ofSeconds(1), Duration.ofSeconds(10),
      report -> {});

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a number is not positive, or a duration negative
   */
  public ReclaimOptions {
    Objects.requireNonNull(backlogPolicy, "backlogPolicy");
    Objects.requireNonNull(memoryLimit, "memoryLimit");
    Objects.requireNonNull(stallListener, "stallListener");
    refuse(backlogLimit < 1, "backlogLimit must be at least 1", backlogLimit);
    refuse(!stallThreshold.isPositive(), "stallThreshold must be positive", stallThreshold);
    refuse(closeDeadline.isNegative(), "closeDeadline must not be negative", closeDeadline);
  }

  /**
   * The defaults: a limit of a million actions, beyond which a warning is logged; the memory limit {@link
   * MemoryLimit#defaults()}; stalls are reported to the log after one second; closing waits for ten seconds.
   *
   * @return the options of a policy that was made without options
   */
  public static ReclaimOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Bounds the backlog.
   *
   * @param limit the number of actions that may wait, at least 1
   * @param policy the treatment of an action beyond that
   * @return a copy with that change
   */
  public ReclaimOptions withBacklog(long limit, BacklogPolicy policy) {
    return new ReclaimOptions(limit, policy, memoryLimit, stallThreshold, closeDeadline, stallListener);
  }

  /**
   * Bounds the memory outside the heap that waits.
   *
   * @param limit the limit, and the treatment of a block beyond it
   * @return a copy with that change
   */
  public ReclaimOptions withMemoryLimit(MemoryLimit limit) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, limit, stallThreshold, closeDeadline, stallListener);
  }

  /**
   * Sets the time after which a grace period counts as stalled.
   *
   * @param threshold the time after which the first report comes
   * @return a copy with that change
   */
  public ReclaimOptions withStallThreshold(Duration threshold) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, threshold, closeDeadline, stallListener);
  }

  /**
   * Limits {@link ReclaimPolicy#close()}.
   *
   * @param deadline the time that it waits
   * @return a copy with that change
   */
  public ReclaimOptions withCloseDeadline(Duration deadline) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, stallThreshold, deadline, stallListener);
  }

  /**
   * Sets a listener for stalls and for readers that were left behind, besides the log.
   *
   * @param listener the listener; see {@link #stallListener}
   * @return a copy with that change
   */
  public ReclaimOptions withStallListener(Consumer<StallReport> listener) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, stallThreshold, closeDeadline, listener);
  }

  private static void refuse(boolean wrong, String rule, Object value) {
    if (wrong) {
      throw new IllegalArgumentException(rule + ": " + value);
    }
  }
}
