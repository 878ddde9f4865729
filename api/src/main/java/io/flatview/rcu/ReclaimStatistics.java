package io.flatview.rcu;

import java.time.Duration;

/**
 * Counts of one policy since it was made.
 *
 * @param gracePeriods how many grace periods ended
 * @param expedited how many of them were hurried
 * @param gracePeriodTime how long they took altogether
 * @param longestGracePeriod how long the longest of them took
 * @param retired how many actions were accepted
 * @param reclaimed how many of them ran, including those that failed
 * @param failed how many threw
 * @param rejected how many were refused because of the backlog
 * @param maxBacklog the largest backlog that was counted: when a grace period or a barrier begins, and when statistics
 *     are taken
 * @param bags how many bags (batches of one thread) of actions were retired
 * @param stalls how many times a stalled grace period was reported
 * @param readers how many readers are registered, explicit and implicit; without those that were set aside as their
 *     thread has ended
 * @param waitingBlocks how many blocks of {@linkplain ReclaimPolicy#retire(ReclaimAction, long) memory} wait
 * @param waitingBytes how many bytes they have
 * @param maxBlocks how many blocks waited at most
 */
public record ReclaimStatistics(
    long gracePeriods, long expedited, Duration gracePeriodTime, Duration longestGracePeriod, long retired,
    long reclaimed, long failed, long rejected, long maxBacklog, long bags, long stalls, int readers,
    long waitingBlocks, long waitingBytes, long maxBlocks) {

  /**
   * Counts without times, for policies that keep none.
   *
   * @param gracePeriods how many grace periods ended
   * @param retired how many actions were accepted
   * @param reclaimed how many of them ran, including those that failed
   * @param failed how many threw
   * @param readers how many readers are registered
   */
  public ReclaimStatistics(long gracePeriods, long retired, long reclaimed, long failed, int readers) {
    this(gracePeriods, 0, Duration.ZERO, Duration.ZERO, retired, reclaimed, failed, 0, 0, 0, 0, readers, 0, 0,
        0);
  }

  /**
   * How many actions wait for their grace period.
   *
   * @return the number of actions that were retired and have not run
   */
  public long backlog() {
    return retired - reclaimed;
  }

  /**
   * The mean duration of a grace period.
   *
   * @return zero if none has ended
   */
  public Duration averageGracePeriod() {
    return gracePeriods == 0 ? Duration.ZERO : gracePeriodTime.dividedBy(gracePeriods);
  }
}
