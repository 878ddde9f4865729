package io.flatview.rcu.qsbr;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** The implicit reader. It announces no quiescent states, so it is online only inside its outermost section. */
final class SectionReader extends SlotReader {

  /*
   * Entering a section is what coming online is in AnnouncingReader, leaving is what going offline is; the argument
   * there holds here.
   *
   *   field | read                 | write                             | guard
   *   slot  | acquire by the scan  | opaque at entry, release at exit  | one user at a time
   *   epoch | opaque ahead of Q    | volatile RMW by a grace period    | single writer
   */

  private final EpochCounter epoch;

  SectionReader(Registration registration, EpochCounter epoch) {
    super(registration, Exit.CLEAR);
    this.epoch = epoch;
  }

  @Override
  protected void open(Slot own) {
    setSlotOpaque(own, epoch);
    VarHandle.fullFence(); // Q, pairs with B: the old pointer is not loaded under a slot that the scan saw as 0
  }

  @Override
  protected void fenceUser() {
    VarHandle.fullFence(); // pairs with Q
  }
}
