package io.flatview.rcu;

/**
 * The backlog, or the {@linkplain MemoryLimit memory that may wait}, is full: the action was not accepted and will not
 * run. See {@link BacklogPolicy#REJECT}.
 */
public final class RejectedRetireException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The number of actions or blocks that waited. */
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
   * Reports the refusal of a block of memory.
   *
   * @param policy the name of the policy
   * @param blocks how many blocks wait for their grace period
   * @param bytes how many bytes they have
   * @param limit how much may
   */
  public RejectedRetireException(String policy, long blocks, long bytes, MemoryLimit limit) {
    super("too much memory waits in policy " + policy + ": " + blocks + " blocks of " + bytes + " bytes, the limit is "
        + limit.blocks() + " blocks and " + limit.bytes() + " bytes");
    this.backlog = blocks;
    this.limit = limit.blocks();
  }

  /**
   * How many actions, or blocks of memory, waited for their grace period.
   *
   * @return the backlog at that time
   */
  public long backlog() {
    return backlog;
  }

  /**
   * How many may wait.
   *
   * @return the limit that was reached
   */
  public long limit() {
    return limit;
  }
}
