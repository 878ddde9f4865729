package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts its outermost section on its stripe, under the phase that it found. */
final class PhaseReader extends SlotReader {

  /*
   *   field   | read                                 | write                             | guard
   *   slot    | acquire for reports                  | opaque by the using thread        | the hand-over of the reader
   *   note    | plain by the leaving thread          | plain by the using thread         | likewise
   *   stripe  | plain by the using thread            | plain                             | the reader's lock, outside
   *
   * No grace period looks at the slot: it is the phase above the bits that count the nesting, and 0 outside, so that
   * reports find the reader. The algorithm stands in RefcountFlavour.
   *
   * Out of stack. Entering and leaving may be broken off at any call, and the engine calls shut() again to make up for
   * it. So the note says, to the last instruction, whether the section stands in a counter, and in which: phase above
   * stripe above a 1, or 0. It is stored, which needs no call, right behind the read-modify-write that makes it true,
   * and right behind the one that makes it false.
   *
   * Two threads in one reader. Each has a slot and a note of its own. A shared stripe counts what is about to be
   * taken back, too. A lone one only tells 0 from 1: a thread that finds 1 there has not entered, and takes nothing
   * back. The user waits until the other has taken its entry back, which the other does at once.
   */

  private static final int NESTING_BITS = 16;
  private static final int NO_STRIPE = -1;
  private static final int STRIPE_BITS = 32;

  private final AtomicInteger phase;
  private final SectionCounts counts;
  private final int shared;
  private int stripe;

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
  protected void open(Slot own) {
    int current = phase.getOpaque();
    int on = stripe;
    setSlotOpaque(own, (long) current << NESTING_BITS | 1);
    long counted = (long) current << STRIPE_BITS | on << 1 | 1;
    boolean isIn = counts.countIn(current, on);
    if (isIn) {
      own.note = counted;
    } else {
      countInLater(own, current, on, counted);
    }
    if (EntryFence.NEEDED) {
      VarHandle.fullFence(); // C, pairs with B: the old pointer is not loaded behind a counter that was seen at 0
    }
  }

  /** The engine looks again which thread is the user, and refuses the other. */
  private void countInLater(Slot own, int current, int on, long counted) {
    while (isUser(own)) {
      if (counts.countIn(current, on)) {
        own.note = counted;
        return;
      }
      Thread.yield();
    }
  }

  @Override
  protected void shut(Slot own) {
    long counted = own.note;
    if (counted != 0) {
      counts.countOut((int) (counted >>> STRIPE_BITS), (int) counted >>> 1);
      own.note = 0;
    }
    setSlotOpaque(own, 0);
  }

  @Override
  protected void fenceUser() {
    VarHandle.fullFence(); // pairs with C, or with the read-modify-write that serves as C
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
