package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.RejectedRetireException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Keeps the number of retired and not yet reclaimed actions below a limit, by the policy of the options. */
final class Backlog {

  /*
   * Room is reserved for whole bags, so that an action in a bag that is open costs nothing here. Bags of other threads
   * may hold room that they do not need: before a thread is throttled or refused, the bags are sealed, and then the
   * figures are exact.
   *
   *   field    | read              | write                              | guard
   *   rejected | sum               | increment                          | -
   */

  private final String policy;
  private final ReclaimOptions options;
  private final RetireQueue queue;
  private final LongSupplier reclaimed;
  private final long limit;
  private final LimitedWarning warning = new LimitedWarning(Backlog.class);
  private final LongAdder rejected = new LongAdder();

  /** Makes the backlog of the policy of this name, with the limit of the options. */
  Backlog(String policy, ReclaimOptions options, RetireQueue queue, LongSupplier reclaimed) {
    this.policy = policy;
    this.options = options;
    this.queue = queue;
    this.reclaimed = reclaimed;
    this.limit = options.backlogLimit();
  }

  /** Reserves room for a bag below the limit, and returns how much: at most the number wanted, or 0. */
  int reserve(int wanted) {
    int granted = queue.reserve(wanted, limit);
    if (granted == 0) {
      queue.seal();
      granted = queue.reserve(wanted, limit);
    }
    return granted;
  }

  /** Reserves room for a bag, even beyond the limit, with a warning every ten seconds at most. */
  int reserveBeyond(int wanted) {
    warning.log(() -> "the backlog of policy " + policy + " is " + size() + ", its limit is " + limit, null);
    return queue.reserve(wanted, Long.MAX_VALUE);
  }

  /** Counts a refused action, and returns the exception for it. */
  RejectedRetireException reject() {
    rejected.increment();
    return new RejectedRetireException(policy, size(), limit);
  }

  boolean isBelowLimit() {
    return size() < limit;
  }

  /** The number of actions that were retired and have not run. */
  long size() {
    long ran = reclaimed.getAsLong(); // first, or actions that are retired meanwhile could be missing
    return queue.seal() - ran;
  }

  long rejected() {
    return rejected.sum();
  }
}
