package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts its outermost section on its stripe, under the phase that it found. */
final class PhaseReader extends SlotReader {

  /*
   *   field   | read                                 | write                             | guard
   *   slot    | acquire for reports                  | opaque by the using thread        | the hand-over of the reader
   *   entered | plain by the leaving thread          | plain by the entering thread      | likewise
   *   counted | plain by the leaving thread          | plain by the using thread         | likewise
   *   stripe  | plain by the using thread            | plain                             | the reader's lock, outside
   *
   * No grace period looks at the slot: it is the phase above the bits that count the nesting, and 0 outside, so that
   * reports find the reader. The algorithm stands in RefcountFlavour.
   *
   * Out of stack. Entering and leaving may be broken off at any call, and the engine calls shut() again to make up for
   * it. So counted says, to the last instruction, whether the section stands in the counter: it is stored, which needs
   * no call, right behind the read-modify-write that makes it true, and right behind the one that makes it false.
   */

  private static final int NESTING_BITS = 16;
  private static final int NO_STRIPE = -1;

  private final AtomicInteger phase;
  private final SectionCounts counts;
  private final int shared;
  private int stripe;
  private int entered;
  private boolean counted;

  /** A reader that uses a shared stripe unless it has one of its own, which it returns when it is discarded. */
  PhaseReader(Registration registration, AtomicInteger phase, SectionCounts counts, int lone, int shared) {
    super(registration);
    this.phase = phase;
    this.counts = counts;
    this.shared = shared;
    this.stripe = lone == NO_STRIPE ? shared : lone;
  }

  /** For reports: whether the reader is inside, and counted under this phase. */
  boolean isUnder(int which) {
    long seen = getSlotAcquire();
    return seen != 0 && (int) (seen >> NESTING_BITS) == which;
  }

  @Override
  protected void open() {
    int current = phase.getOpaque();
    setSlotOpaque((long) current << NESTING_BITS | 1);
    entered = current;
    counts.countIn(current, stripe);
    counted = true;
    if (EntryFence.NEEDED) {
      VarHandle.fullFence(); // C, pairs with B: the old pointer is not loaded behind a counter that was seen at 0
    }
  }

  @Override
  protected void shut() {
    if (counted) {
      counts.countOut(entered, stripe);
      counted = false;
    }
    setSlotOpaque(0);
  }

  @Override
  protected void discard() {
    if (stripe != shared) {
      counts.giveBack(stripe);
      stripe = shared;
    }
  }

  @Override
  protected void restore() {
    int lone = counts.claim();
    stripe = lone == NO_STRIPE ? shared : lone;
  }

  @Override
  protected boolean isBoundToThread() {
    return false;
  }
}
