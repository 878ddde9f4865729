package io.flatview.examples.cli.demo.dma;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The driver's own account of its changes to each page of the device: the oracle of the readers.
 *
 * <p>A page goes through states, counted from 0: in an even one it is mapped, to a frame whose every word is the
 * {@linkplain #stamp stamp} of the page and the state; in an odd one it is not. A state is begun before the driver
 * touches the table, and settled when the IOMMU has obeyed the invalidation. A section that was entered when state
 * <i>n</i> was settled must not see a state before <i>n</i>, and never one that has not begun.
 */
final class Account {

  /** The content of a frame that is not mapped. */
  static final long POISON = 0xdead_dead_dead_deadL;

  private static final int STATE_BITS = 40;

  private final AtomicLongArray begun;
  private final AtomicLongArray settled;

  Account(int pages) {
    begun = new AtomicLongArray(pages);
    settled = new AtomicLongArray(pages);
  }

  static long stamp(int page, long state) {
    return (long) (page + 1) << STATE_BITS | state;
  }

  static boolean isMapped(long state) {
    return (state & 1) == 0;
  }

  void begin(int page, long state) {
    begun.set(page, state);
  }

  void settle(int page, long state) {
    settled.set(page, state);
  }

  long settled(int page) {
    return settled.get(page);
  }

  /** Whether a word may have been read, in a section that was entered when a state was settled. */
  boolean allows(int page, long settledBefore, long word) {
    long state = word & (1L << STATE_BITS) - 1;
    return word == stamp(page, state) && isMapped(state) && state >= settledBefore && state <= begun.get(page);
  }

  /** Whether an access may have been refused, in such a section. */
  boolean allowsRefusal(int page, long settledBefore) {
    return begun.get(page) > settledBefore || !isMapped(settledBefore);
  }
}
