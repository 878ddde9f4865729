package io.flatview.rcu.refcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two sets of counters, one for each phase, in stripes: a few that readers share, and up to 64 that belong to one
 * reader each.
 */
final class SectionCounts {

  /*
   * Each counter has 128 bytes to itself, and the first lies 128 bytes after the array's header. A section is counted
   * in and out in the same counter, so each counter is the number of open sections. Separate counts of entries and
   * exits, as SRCU has, are not needed: they serve threads that leave on another stripe than they entered on.
   *
   * A lone stripe has one reader, which one thread uses at a time, so that it never counts further than 1: it is
   * entered by an exchange and left by a store.
   *
   *   field         | read                   | write                                     | guard
   *   shared stripe | volatile by the scan   | volatile RMW by readers                   | -
   *   lone stripe   | volatile by the scan   | volatile RMW or release by its reader     | the reader's thread
   *   lone          | volatile by the scan   | volatile RMW by claim and return          | -
   *
   * A read of 0 happens after the decrements, or the release store, that led to 0. Forbidden: a load inside a section
   * that has ended happens after the object was freed.
   *
   * A scan passes over lone stripes that no reader has. One that is claimed after the scan's look at the mask was
   * claimed after fence B, and its sections see what was unlinked before.
   */

  private static final int STRIDE = 16;
  private static final int PER_PROCESSOR = 4;
  private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

  private final int shared = powerOfTwoFrom(PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  private final int stripes = shared + Long.SIZE;
  private final long[] counters = new long[(1 + 2 * stripes) * STRIDE];
  private final AtomicLong lone = new AtomicLong();

  /** The number of counters of both kinds; the shared ones come first. */
  int stripes() {
    return stripes;
  }

  /** The number of shared counters, a power of two. */
  int shared() {
    return shared;
  }

  /** Claims a lone stripe for a reader; returns -1 if all are claimed. */
  int claim() {
    long seen = lone.get();
    while (seen != -1) {
      long free = Long.lowestOneBit(~seen);
      if (lone.compareAndSet(seen, seen | free)) {
        return shared + Long.numberOfTrailingZeros(free);
      }
      seen = lone.get();
    }
    return -1;
  }

  /** Returns a lone stripe, whose counters are at 0. */
  void giveBack(int stripe) {
    lone.getAndUpdate(seen -> seen & ~bit(stripe));
  }

  /**
   * Counts a section in; the read-modify-write is the last call that this makes. Returns false, with nothing changed,
   * if a lone stripe was at 1 already: another thread uses the same reader.
   */
  boolean countIn(int phase, int stripe) {
    if (stripe < shared) {
      COUNTER.getAndAdd(counters, index(phase, stripe), 1L);
      return true;
    }
    return (long) COUNTER.getAndSet(counters, index(phase, stripe), 1L) == 0L;
  }

  /** Counts a section out, after all reads in it; the store is the last call that this makes. */
  void countOut(int phase, int stripe) {
    if (stripe < shared) {
      COUNTER.getAndAdd(counters, index(phase, stripe), -1L);
    } else {
      COUNTER.setRelease(counters, index(phase, stripe), 0L);
    }
  }

  boolean isZero(int phase, int stripe) {
    return isUnclaimed(stripe) || (long) COUNTER.getVolatile(counters, index(phase, stripe)) == 0;
  }

  private boolean isUnclaimed(int stripe) {
    return stripe >= shared && (lone.get() & bit(stripe)) == 0;
  }

  private long bit(int stripe) {
    return 1L << stripe - shared;
  }

  private int index(int phase, int stripe) {
    return (1 + phase * stripes + stripe) * STRIDE;
  }

  private static int powerOfTwoFrom(int atLeast) {
    return Integer.highestOneBit(2 * atLeast - 1);
  }
}
