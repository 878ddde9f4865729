package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts its outermost section in the counter of its stripe and of the phase that it read. */
final class PhaseReader extends SlotReader {

  /*
   *   field   | read                                 | write                             | guard
   *   slot    | acquire for reports                  | opaque by the using thread        | the hand-over of the reader
   *   note    | plain by the leaving thread          | plain by the using thread         | likewise
   *   stripe  | plain by the using thread            | plain                             | the reader's lock, outside
   *
   * No grace period reads the slot. It is 0 outside and holds the phase inside, in the bits above the nesting, so that
   * reports find the reader. RefcountFlavour explains the algorithm.
   *
   * Out of stack. Entering and leaving may be broken off at any call, and the engine calls shut() again to make up for
   * it. So the note always says whether a counter includes the section, and which: it is 0, or has the phase in the
   * high bits, the stripe below, and a 1 in the lowest bit. It is stored, without a call, immediately after the
   * read-modify-write that counts the section in or out.
   *
   * Two threads in one reader. Each has a slot and a note of its own. A shared stripe also counts the entry that one of
   * them is going to undo. A lone stripe is only 0 or 1: a thread that finds 1 there has not entered, and has nothing
   * to undo. If that thread is the user, it waits until the other has undone its entry, which happens at once.
   */

  private static final int NESTING_BITS = 16;
  private static final int NO_STRIPE = -1;
  private static final int STRIPE_BITS = 32;

  private final AtomicInteger phase;
  private final SectionCounts counts;
  private final int shared;
  private int stripe;

  /**
   * Makes a reader that uses the lone stripe, or the shared one if there is no lone one. It returns a lone stripe when
   * it is discarded.
   */
  PhaseReader(Registration registration, AtomicInteger phase, SectionCounts counts, int lone, int shared) {
    super(registration);
    this.phase = phase;
    this.counts = counts;
    this.shared = shared;
    this.stripe = lone == NO_STRIPE ? shared : lone;
  }

  /** Whether the reader is inside and counted under this phase; used for reports. */
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
      VarHandle.fullFence(); // C, pairs with B; forbidden: the scan sees 0, and the old pointer is loaded
    }
  }

  /**
   * Waits for the lone stripe while the calling thread is the reader's user; else returns, and the engine refuses the
   * thread or lets it take the reader over again.
   */
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
