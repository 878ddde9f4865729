package io.flatview.rcu.refcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Two sets of counters, one for each phase, in as many stripes as keep readers from sharing a cache line too often. */
final class SectionCounts {

  /*
   * Each counter has 128 bytes to itself, and the first is as far from the header of the array. A section goes up and
   * down on one and the same counter, so a counter alone is the number of its open sections; there is no need for
   * separate counts of entries and exits, which serve those who may leave on another stripe than they entered on.
   *
   *   field   | read                   | write                     | guard
   *   counter | volatile by the scan   | volatile RMW by readers   | -
   *
   * Reading 0 happens after all the decrements that led to it. Forbidden: a load inside a section that has ended
   * happens after the object was freed.
   */

  private static final int STRIDE = 16;
  private static final int PER_PROCESSOR = 4;
  private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

  private final int stripes = powerOfTwoFrom(PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
  private final long[] counters = new long[(1 + 2 * stripes) * STRIDE];

  int stripes() {
    return stripes;
  }

  void increment(int phase, int stripe) {
    COUNTER.getAndAdd(counters, index(phase, stripe), 1L);
  }

  void decrement(int phase, int stripe) {
    COUNTER.getAndAdd(counters, index(phase, stripe), -1L);
  }

  boolean isZero(int phase, int stripe) {
    return (long) COUNTER.getVolatile(counters, index(phase, stripe)) == 0;
  }

  private int index(int phase, int stripe) {
    return (1 + phase * stripes + stripe) * STRIDE;
  }

  private static int powerOfTwoFrom(int atLeast) {
    return Integer.highestOneBit(2 * atLeast - 1);
  }
}
