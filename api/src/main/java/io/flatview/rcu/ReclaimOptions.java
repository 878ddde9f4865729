package io.flatview.rcu;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a {@link ReclaimPolicy} guards its memory and its time. Immutable; start from {@link #defaults()}.
 *
 * <p>The limits are kept to the last action, whichever threads retire: forbidden is only what the policy for it allows.
 *
 * <table class="striped">
 * <caption>Which limit for whom</caption>
 * <thead><tr><th scope="col">what is retired</th><th scope="col">what bounds it</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">mappings, native memory</th><td>the memory limit, with {@link BacklogPolicy#THROTTLE}: each of
 * them costs what the heap does not show</td></tr>
 * <tr><th scope="row">objects that a lock protects while they are retired</th><td>{@link BacklogPolicy#REPORT}: whoever
 * holds the lock must not wait</td></tr>
 * <tr><th scope="row">requests of others, each with something to free</th><td>{@link BacklogPolicy#REJECT}: the request
 * is refused, and others go on</td></tr>
 * </tbody>
 * </table>
 *
 * @param backlogLimit how many actions may wait for their grace period, at least 1
 * @param backlogPolicy what happens to an action beyond that
 * @param memoryLimit how much memory outside the heap may wait, and what happens beyond that
 * @param stallThreshold how long a grace period may take before it is reported; more reports of the same one follow
 *     at growing intervals
 * @param closeDeadline how long {@link ReclaimPolicy#close()} waits
 * @param stallListener told of every stall in the thread that runs the grace period, and of every reader that was left
 *     behind in whichever thread notices: it must not block, and cannot wait for this policy
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
    refuse(backlogLimit < 1, "backlogLimit must be at least 1: " + backlogLimit);
    refuse(!stallThreshold.isPositive(), "stallThreshold must be positive: " + stallThreshold);
    refuse(closeDeadline.isNegative(), "closeDeadline must not be negative: " + closeDeadline);
  }

  /**
   * A million actions, reported beyond; {@linkplain MemoryLimit#defaults() so much} memory; stalls reported after one
   * second, to the log only; ten seconds to close.
   *
   * @return the options of a policy that was made without any
   */
  public static ReclaimOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Bounds the backlog.
   *
   * @param limit how many actions may wait, at least 1
   * @param policy what happens beyond that
   * @return a copy
   */
  public ReclaimOptions withBacklog(long limit, BacklogPolicy policy) {
    return new ReclaimOptions(limit, policy, memoryLimit, stallThreshold, closeDeadline, stallListener);
  }

  /**
   * Bounds the memory outside the heap that waits.
   *
   * @param limit how much, and what happens beyond that
   * @return a copy
   */
  public ReclaimOptions withMemoryLimit(MemoryLimit limit) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, limit, stallThreshold, closeDeadline, stallListener);
  }

  /**
   * Says when a grace period counts as stalled.
   *
   * @param threshold after how long
   * @return a copy
   */
  public ReclaimOptions withStallThreshold(Duration threshold) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, threshold, closeDeadline, stallListener);
  }

  /**
   * Limits {@link ReclaimPolicy#close()}.
   *
   * @param deadline how long it waits
   * @return a copy
   */
  public ReclaimOptions withCloseDeadline(Duration deadline) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, stallThreshold, deadline, stallListener);
  }

  /**
   * Says who is told of stalls and of readers that were left behind, besides the log.
   *
   * @param listener as described above
   * @return a copy
   */
  public ReclaimOptions withStallListener(Consumer<StallReport> listener) {
    return new ReclaimOptions(backlogLimit, backlogPolicy, memoryLimit, stallThreshold, closeDeadline, listener);
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }
}
