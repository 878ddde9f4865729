package io.flatview.rcu.epoch;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/** Stores the present epoch in its slot while it is inside, and 0 while it is not; never issues a fence. */
final class AsymmetricReader extends SlotReader {

  /*
   *   reader, enter:  slot = epoch             writer:  unlink
   *                                                     fence B        (in the engine)
   *                                                     heavy fence H  (in every thread)
   *                   load pointer                      epoch = e
   *           leave:  slot = 0, release                 wait until slot is 0 or at least e
   *                                                     free
   *
   *   field | read                   | write                              | guard
   *   slot  | acquire by the scan    | opaque at entry, release at exit   | one user at a time
   *   epoch | opaque by readers      | volatile RMW by the reclaiming     | single writer
   *
   * H gives the reader's thread a full fence at some point P of its program. Forbidden: the reader loads the old
   * pointer, and the scan sees the slot as it was before the entry.
   *   - The slot store comes before P: it is visible when H returns, so the scan sees the slot taken, under an epoch
   *     below e, since e was not stored yet. It waits.
   *   - The slot store comes after P: so does the load of the pointer, which then finds the new one, unlinked before H.
   * A slot that shows e or more was filled from an epoch that was stored after H had returned. So its load comes after
   * P in the reader's program, since nothing before P can see what was stored after H; and the load of the pointer,
   * which comes after that load in turn, finds the new one. The load of the epoch need not acquire: P has done so. A
   * slot with a stale epoch makes a grace period wait longer than needed, which is safe.
   *
   * The release at the exit pairs with the acquire of the scan. Forbidden: a load inside the section happens after the
   * object was freed. It needs no heavy fence, since nothing later in the reader must wait for it.
   *
   * The compiler. P is a point in the machine's instructions, so the argument needs the store and the load to be in
   * program order in the compiled code, which the Java memory model does not promise for an opaque store followed by an
   * acquire load of another variable. HotSpot keeps it: C2 puts a MemBarCPUOrder, across which it moves no access to
   * memory and which costs no instruction, before and after every opaque, acquire, release and volatile access of a
   * VarHandle; C1 and the interpreter do not reorder these at all. Plain accesses are not safe: C2 moved the load above
   * a plain store, and dropped the store in a loop, with violations in every grace period. Hence the gate in
   * FenceChoice, and the test in which the same reader without H loses. Loads of final fields are free to sink below
   * the exit even so: harmless as long as nothing that is recycled has finals.
   *
   * Loads that follow the pointer depend on it, and so come after it.
   */

  private final EpochCounter epoch;
  private final HeavyFence heavy;

  AsymmetricReader(Registration registration, EpochCounter epoch, HeavyFence heavy) {
    super(registration, Exit.CLEAR);
    this.epoch = epoch;
    this.heavy = heavy;
  }

  /** Whether all readers are away. A grace period calls this after fence B. */
  static boolean areAllAway(List<SlotReader> readers) {
    for (SlotReader reader : readers) {
      if (!((AsymmetricReader) reader).isAwayAcquire()) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected void open(Slot own) {
    setSlotOpaque(own, epoch);
  }

  @Override
  protected void fenceUser() {
    heavy.issue(); // in place of the fence that the former user's entry does not issue
  }
}
