package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.SlotReader;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts its outermost section on its stripe, under the phase that it found, which it keeps in its slot. */
abstract class PhaseReader extends SlotReader {

  /*
   *   field | read                                 | write               | guard
   *   slot  | plain by whoever leaves the section; | opaque or release   | the hand-over of the reader
   *         | acquire for reports                  |                     |
   *
   * The slot is the phase above the bits that count the nesting, and 0 outside. No grace period depends on it: it is
   * there so that the exit finds the counter of the entry, and reports find the reader. It is written before the
   * counter: an entry that dies between the two has counted nothing. The algorithm stands in RefcountFlavour.
   */

  private static final int NESTING_BITS = 16;

  private final AtomicInteger phase;
  private final SectionCounts counts;
  private final int stripe;

  PhaseReader(Registration registration, AtomicInteger phase, SectionCounts counts, int stripe) {
    super(registration);
    this.phase = phase;
    this.counts = counts;
    this.stripe = stripe;
  }

  /** Counts a section in, by an atomic read-modify-write. */
  abstract void countIn(SectionCounts counts, int phase, int stripe);

  /** Counts it out, after all that was read in it. */
  abstract void countOut(SectionCounts counts, int phase, int stripe);

  /** For reports: whether the reader is inside, and counted under this phase. */
  final boolean isUnder(int which) {
    long seen = getSlotAcquire();
    return seen != 0 && phaseOf(seen) == which;
  }

  @Override
  protected final void open() {
    int current = phase.getAcquire();
    setSlotOpaque((long) current << NESTING_BITS | 1);
    countIn(counts, current, stripe);
    EntryFence.afterRmw(); // C, pairs with B: the old pointer is not loaded behind a counter that was seen at 0
  }

  @Override
  protected final void shut() {
    int entered = phaseOf(getSlotAcquire());
    setSlotOpaque(0);
    countOut(counts, entered, stripe);
  }

  @Override
  protected final void abandon(boolean inside) {
    if (inside) {
      shut();
    }
  }

  @Override
  protected final boolean isBoundToThread() {
    return false;
  }

  private static int phaseOf(long slot) {
    return (int) (slot >> NESTING_BITS);
  }
}
