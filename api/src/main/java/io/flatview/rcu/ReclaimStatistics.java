package io.flatview.rcu;

/**
 * Counts of one policy since it was made.
 *
 * @param gracePeriods how many grace periods ended
 * @param retired how many actions were handed over
 * @param reclaimed how many of them ran, including those that failed
 * @param failed how many threw
 * @param readers how many readers are registered, explicit and implicit
 */
public record ReclaimStatistics(long gracePeriods, long retired, long reclaimed, long failed, int readers) {

  /**
   * How many actions wait for their grace period.
   *
   * @return the backlog
   */
  public long backlog() {
    return retired - reclaimed;
  }
}
