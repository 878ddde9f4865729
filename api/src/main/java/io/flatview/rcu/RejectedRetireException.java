package io.flatview.rcu;

/** The backlog is full: the action was not accepted and will not run. See {@link BacklogPolicy#REJECT}. */
public final class RejectedRetireException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How many actions wait. */
  private final long backlog;

  /** How many may wait. */
  private final long limit;

  /**
   * Reports a refusal.
   *
   * @param policy the name of the policy
   * @param backlog how many actions wait for their grace period
   * @param limit how many may
   */
  public RejectedRetireException(String policy, long backlog, long limit) {
    super("the backlog of policy " + policy + " is full: " + backlog + " actions wait, the limit is " + limit);
    this.backlog = backlog;
    this.limit = limit;
  }

  /**
   * How many actions waited for their grace period.
   *
   * @return the backlog at that time
   */
  public long backlog() {
    return backlog;
  }

  /**
   * How many may wait.
   *
   * @return the limit
   */
  public long limit() {
    return limit;
  }
}
