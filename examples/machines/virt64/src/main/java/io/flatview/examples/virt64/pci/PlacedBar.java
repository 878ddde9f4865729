package io.flatview.examples.virt64.pci;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;

/**
 * The region that a base address register places, and the address that its function wants by now. The region is in its
 * space from the start, and shows when it is enabled.
 *
 * <p>Registers are written under the host's lock, and what they change is committed when that is free again: so commits
 * of two harts may come in another order than their writes. Each sets all there is to set, so that the last of them is
 * as good as alone; and if it was not the last write, {@link #isMisplaced} tells.
 */
final class PlacedBar {

  /** No register leads here: it holds 0 after a reset. */
  private static final long NOWHERE = 0;

  private final PciFunction function;
  private final int index;
  private final PciBar bar;
  private final long limit;

  /** Written under the host's lock, and read by every committer. */
  private volatile long wanted = NOWHERE;

  /** {@code limit} is the last address where some of it may be, unsigned. */
  PlacedBar(PciFunction function, int index, long limit) {
    this.function = function;
    this.index = index;
    this.limit = limit;
    bar = function.bars().get(index);
  }

  /** Puts the region into its space, hidden. */
  void add(MemoryRegion.Container space, Transaction transaction) {
    transaction.addSubregion(space, 0, bar.region(), 1).setEnabled(bar.region(), false);
  }

  /** @return whether the function wants it elsewhere than before */
  boolean look() {
    long address = function.address(index);
    long before = wanted;
    wanted = function.decodes(bar) && isSane(address) ? address : NOWHERE;
    return wanted != before;
  }

  /** Registers hold all ones while firmware asks for their size. */
  private boolean isSane(long address) {
    long last = address + bar.size() - 1;
    return Long.compareUnsigned(last, address) > 0 && Long.compareUnsigned(last, limit) <= 0;
  }

  void place(Transaction transaction) {
    long address = wanted;
    if (address != NOWHERE) {
      transaction.setAddress(bar.region(), address);
    }
    transaction.setEnabled(bar.region(), address != NOWHERE);
  }

  /** Whether the map shows something else than what is wanted. To be asked by a listener. */
  boolean isMisplaced() {
    long address = wanted;
    boolean shows = bar.region().isEnabled();
    return shows != (address != NOWHERE) || (shows && bar.region().address() != address);
  }
}
