package io.flatview.rcu.spi;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.MemoryLimit;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.RejectedRetireException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the memory outside the heap that waits for grace periods, and says when it has reached the limit of the
 * options. The last block below the limit may exceed it.
 */
final class MemoryLoad {

  /*
   * Each block is counted by atomic instructions of its own, which cost little beside the system call that gives it
   * back; other actions are counted by the bag.
   *
   *   field    | read     | write         | guard
   *   blocks   | volatile | volatile RMW  | -
   *   bytes    | volatile | volatile RMW  | -
   *   most     | volatile | volatile RMW  | -
   *   crowd    | opaque   | opaque        | none: a hint
   */

  /**
   * From this number of blocks on, the reclaiming thread does not pause to gather work and sleeps only briefly: for a
   * server, tens of mappings that wait would be many.
   */
  private static final int MANY = 8;

  /** The answer if there is no room. */
  static final long REFUSED = -1;

  private static final long BEYOND_ANY = Long.MIN_VALUE;

  /** From this number of blocks on, a writer that may be throttled waits for a grace period, a millisecond at most. */
  private static final int CROWD = 24;

  private final String policy;
  private final MemoryLimit limit;
  private final LimitedWarning warning = new LimitedWarning(MemoryLoad.class);
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong crowd = new AtomicLong(CROWD);
  private final LongAdder rejected = new LongAdder();

  MemoryLoad(String policy, MemoryLimit limit) {
    this.policy = policy;
    this.limit = limit;
  }

  /**
   * Counts a block, unless the limit is reached. The sum of the sizes ends at {@link Long#MAX_VALUE}: of a block that
   * would exceed it, less is counted.
   *
   * @return the number of bytes to {@link #release}, or {@link #REFUSED}
   */
  long reserve(long size) {
    if (raise(blocks, 1, limit.blocks()) == REFUSED) {
      return REFUSED;
    }
    long counted = raise(bytes, size, limit.bytes());
    if (counted == REFUSED) {
      blocks.decrementAndGet();
    } else {
      noteMost();
    }
    return counted;
  }

  /** Counts a block as {@link #reserve} does, even beyond the limit, with a warning every ten seconds at most. */
  long reserveBeyond(long size) {
    warning.log(this::describe, null);
    blocks.incrementAndGet();
    long counted = raise(bytes, size, BEYOND_ANY);
    noteMost();
    return counted;
  }

  /** Raises a value that is below the limit, and returns by how much; or {@link #REFUSED}. */
  private static long raise(AtomicLong value, long by, long limit) {
    while (true) {
      long seen = value.get();
      if (seen >= limit && limit != BEYOND_ANY) {
        return REFUSED;
      }
      long counted = Math.min(by, Long.MAX_VALUE - seen);
      if (value.compareAndSet(seen, seen + counted)) {
        return counted;
      }
    }
  }

  private void noteMost() {
    long now = blocks.get();
    if (now > most.get()) {
      most.accumulateAndGet(now, Math::max);
    }
  }

  /** Counts a block no longer, since it was given back, or since its retirement was refused. */
  void release(long counted) {
    bytes.addAndGet(-counted);
    if (blocks.decrementAndGet() < CROWD / 2 && crowd.getOpaque() != CROWD) {
      crowd.setOpaque(CROWD);
    }
  }

  /** Wraps an action so that its block is counted out after it has run or thrown. */
  ReclaimAction releasing(ReclaimAction action, long counted) {
    return new WrappedAction(action) {
      @Override
      public void reclaim() throws Exception {
        try {
          wrapped.reclaim();
        } finally {
          release(counted);
        }
      }
    };
  }

  boolean hasRoom() {
    return blocks.get() < limit.blocks() && bytes.get() < limit.bytes();
  }

  /** Whether so much waits that reclamation is to be quick rather than cheap. */
  boolean isLarge() {
    return blocks.get() >= MANY || bytes.get() > limit.bytes() / 2;
  }

  boolean isCrowd() {
    return blocks.get() >= crowd.getOpaque() && limit.policy() == BacklogPolicy.THROTTLE;
  }

  /**
   * Called after a pause that freed nothing, since a reader stays inside or the reclaiming thread gets no processor.
   * Another pause at each block would slow the writer down for little, so the next pause is as many blocks away as the
   * first.
   */
  void growCrowd() {
    crowd.setOpaque(blocks.get() + CROWD);
  }

  /** Counts a refused block, and returns the exception for it. */
  RejectedRetireException reject() {
    rejected.increment();
    return new RejectedRetireException(policy, blocks.get(), bytes.get(), limit);
  }

  private String describe() {
    return blocks.get() + " blocks of memory, " + bytes.get() + " bytes, wait for readers of policy " + policy
        + "; its limit is " + limit.blocks() + " blocks and " + limit.bytes() + " bytes";
  }

  MemoryLimit limit() {
    return limit;
  }

  /** The number of blocks that wait: a block counts once it has been noted in {@link #most()}. */
  long blocks() {
    return Math.min(blocks.get(), most.get());
  }

  long bytes() {
    return bytes.get();
  }

  long most() {
    return most.get();
  }

  long rejected() {
    return rejected.sum();
  }
}
