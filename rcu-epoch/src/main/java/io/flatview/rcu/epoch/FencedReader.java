package io.flatview.rcu.epoch;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** Stores the present epoch in its slot while it is inside, and 0 while it is not; issues a fence at each entry. */
final class FencedReader extends SlotReader {

  /*
   *   reader, enter:  slot = epoch             writer:  unlink
   *                   fence E                           fence B        (in the engine, before the scan)
   *                   load pointer                      epoch = e
   *           leave:  slot = 0, release                 wait until slot is 0 or at least e
   *                                                     free
   *
   *   field | read                   | write                              | guard
   *   slot  | acquire by the scan    | opaque at entry, release at exit   | one user at a time
   *   epoch | opaque by readers      | volatile RMW by the reclaiming     | single writer
   *
   * Fence E pairs with fence B. Forbidden: the reader loads the old pointer, and the scan sees the slot as it was
   * before the entry. Full fences are totally ordered. E before B: the scan sees the slot taken. B before E: the reader
   * loads the new pointer. Any processor, x86 included, may reorder the store to the slot and a later load without a
   * fence between them.
   *
   * A slot that shows e or more was filled from an epoch that was stored after B: the reader came late and sees the
   * unlinking. Fence E stands between the load of the epoch and that of the pointer, so the former need not acquire. A
   * reader that is delayed between reading the epoch and storing it has a stale epoch in its slot, which makes a grace
   * period wait longer than needed and is safe.
   *
   * The release at the exit pairs with the acquire of the scan. Forbidden: a load inside the section happens after the
   * object was freed.
   *
   * The slot is stored opaque, not plain: the compiler may drop plain stores that follow each other, and may move loads
   * above them.
   */

  private final EpochCounter epoch;

  FencedReader(Registration registration, EpochCounter epoch) {
    super(registration, Exit.CLEAR);
    this.epoch = epoch;
  }

  @Override
  protected void open(Slot own) {
    setSlotOpaque(own, epoch);
    VarHandle.fullFence(); // E, pairs with B
  }

  @Override
  protected void fenceUser() {
    VarHandle.fullFence(); // pairs with E
  }
}
