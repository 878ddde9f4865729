package io.flatview.rcu.spi;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.MemoryLimit;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.RejectedRetireException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The memory outside the heap that waits for grace periods, kept below a limit in the way that the options say. */
final class MemoryLoad {

  /*
   * Each block costs a system call to give back, so here is an atomic instruction for each of them, where actions in
   * general are counted by the bag.
   *
   *   field    | read     | write         | guard
   *   blocks   | volatile | volatile RMW  | -
   *   bytes    | volatile | volatile RMW  | -
   *   most     | volatile | volatile RMW  | -
   *   crowd    | opaque   | opaque        | none: a hint
   */

  private static final System.Logger LOG = System.getLogger(MemoryLoad.class.getName());

  /** From here on the reclaiming thread neither gathers work nor sleeps long: tens of mappings are much to a server. */
  private static final int MANY = 8;

  /** From here on a writer that may be throttled lets a grace period pass, if that is short. */
  private static final int CROWD = 24;

  private final String policy;
  private final MemoryLimit limit;
  private final LimitedWarning warning = new LimitedWarning(LOG);
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong crowd = new AtomicLong(CROWD);
  private final LongAdder rejected = new LongAdder();

  MemoryLoad(String policy, MemoryLimit limit) {
    this.policy = policy;
    this.limit = limit;
  }

  /** Takes a block in if that is within the limit. */
  boolean reserve(long size) {
    if (!raise(blocks, 1, limit.blocks())) {
      return false;
    }
    if (!raise(bytes, size, limit.bytes())) {
      blocks.decrementAndGet();
      return false;
    }
    noteMost();
    return true;
  }

  /** Takes a block in whatever the limit says; says so now and then. */
  void reserveBeyond(long size) {
    warning.log(this::describe, null);
    blocks.incrementAndGet();
    bytes.addAndGet(size);
    noteMost();
  }

  private static boolean raise(AtomicLong value, long by, long limit) {
    long seen = value.get();
    while (seen < limit && !value.compareAndSet(seen, seen + by)) {
      seen = value.get();
    }
    return seen < limit;
  }

  private void noteMost() {
    long now = blocks.get();
    if (now > most.get()) {
      most.accumulateAndGet(now, Math::max);
    }
  }

  /** A block was given back, or its retirement refused. */
  void release(long size) {
    bytes.addAndGet(-size);
    if (blocks.decrementAndGet() < CROWD / 2 && crowd.getOpaque() != CROWD) {
      crowd.setOpaque(CROWD);
    }
  }

  /** The action that gives a block back, and room with it, whatever it throws. */
  ReclaimAction releasing(ReclaimAction action, long size) {
    return () -> {
      try {
        action.reclaim();
      } finally {
        release(size);
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
   * A pause was in vain: a reader stays inside, or the reclaiming thread gets no processor. Pausing again at each block
   * would slow the writer down for little, so the next pause is as many blocks away as the first.
   */
  void growCrowd() {
    crowd.setOpaque(blocks.get() + CROWD);
  }

  /** Refuses a block, and counts that. */
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

  long blocks() {
    return blocks.get();
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
