package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts its outermost section on its stripe, under the phase that it found, which it keeps in its slot. */
final class CountedReader extends SlotReader {

  /*
   *   field | read                                    | write                    | guard
   *   slot  | acquire by whoever leaves the section   | opaque or release        | the reader's thread
   *
   * The slot is the phase plus 1 inside, 0 outside. No grace period reads it: it is there so that the exit finds the
   * counter of the entry. It is written before the counter: an entry that dies between the two has counted nothing.
   * The algorithm, and what fence C is for, stand in RefcountFlavour.
   */

  private final AtomicInteger phase;
  private final SectionCounts counts;
  private final int stripe;

  CountedReader(Registration registration, AtomicInteger phase, SectionCounts counts, int stripe) {
    super(registration);
    this.phase = phase;
    this.counts = counts;
    this.stripe = stripe;
  }

  @Override
  protected void open() {
    int current = phase.getAcquire();
    setSlotOpaque(current + 1L);
    counts.increment(current, stripe);
    VarHandle.fullFence(); // C, pairs with B: the old pointer is not loaded behind a counter that was seen at 0
  }

  @Override
  protected void shut() {
    int entered = (int) getSlotAcquire() - 1;
    setSlotRelease(0);
    counts.decrement(entered, stripe);
  }

  @Override
  protected void abandon(boolean inside) {
    if (inside) {
      shut();
    }
  }
}
