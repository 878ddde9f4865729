package io.flatview.rcu;

/** The behaviour of {@link ReclaimPolicy#retire} at the {@linkplain ReclaimOptions limit} of the backlog. */
public enum BacklogPolicy {

  /** Accepts the action all the same, and logs a warning, every ten seconds at most. */
  REPORT,

  /**
   * Makes the retiring thread wait until the backlog is below the limit, or the policy is closed. It never waits where
   * it would wait for itself: inside one of its own sections, in an action, in a stall listener and where {@link
   * ReclaimPolicy#forbidWaiting} forbids it, it does as {@link #REPORT} instead. While it waits, its own readers hold
   * up nothing. Interrupts do not break the wait and are not lost.
   *
   * <p>Do not hold a lock there that an action or a reader inside a section may need: that would be a deadlock which
   * the policy cannot see, unless {@link ReclaimPolicy#forbidWaiting} is in force.
   */
  THROTTLE,

  /** Refuses with a {@link RejectedRetireException}; the caller keeps the action. */
  REJECT
}
