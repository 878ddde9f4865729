package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Edit;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;

/** A transaction that turns each call into an {@link Edit}. The subclasses differ in when they make the edits. */
abstract sealed class EditTransaction implements Transaction permits MapTransaction, CallbackTransaction {

  private final Thread owner = Thread.currentThread();

  /** Whether the transaction has ended; written by the part that ends it. */
  boolean ended;

  /** Makes or records the next edit. */
  abstract void edit(Edit edit);

  /** The transaction of the thread that was begun last and has not ended. */
  abstract Transaction innermost();

  /** Undoes and ends this transaction and those nested in it. */
  abstract void rollBack();

  /**
   * {@inheritDoc} A nested transaction that the user forgot must not keep this one open, and with it the map's lock,
   * for which all other threads wait.
   */
  @Override
  public final void close() {
    if (!ended) {
      refuseOtherThreads();
      boolean forgotten = innermost() != this;
      rollBack();
      if (forgotten) {
        throw new IllegalStateException("a transaction nested in this one was still open; the changes of both were"
            + " undone; use try-with-resources");
      }
    }
  }

  final void refuseUnlessOpen() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended; begin a new one");
    }
    refuseOtherThreads();
    if (innermost() != this) {
      throw new IllegalStateException("a transaction nested in this one is still open; commit or close it first");
    }
  }

  private void refuseOtherThreads() {
    if (owner != Thread.currentThread()) {
      throw new IllegalStateException("the transaction belongs to thread '" + owner.getName()
          + "'; begin one in thread '" + Thread.currentThread().getName() + "'");
    }
  }

  /** The beginning of the description of a transaction. */
  final String describe(boolean nested) {
    return (ended ? "ended" : nested ? "nested" : "open") + " transaction of thread '" + owner.getName() + "'";
  }

  private Transaction take(Edit edit) {
    edit(edit);
    return this;
  }

  @Override
  public final Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) {
    return take(new Edit.AddSubregion(parent, offset, child, priority));
  }

  @Override
  public final Transaction addDisjoint(MemoryRegion.Parent parent, long offset, MemoryRegion child) {
    return take(new Edit.AddDisjoint(parent, offset, child));
  }

  @Override
  public final Transaction setVariant(MemoryRegion.Bank bank, int number, MemoryRegion variant) {
    return take(new Edit.SetVariant(bank, number, variant));
  }

  @Override
  public final Transaction delSubregion(MemoryRegion child) {
    return take(new Edit.DelSubregion(child));
  }

  @Override
  public final Transaction delSubregion(MemoryRegion.Parent parent, MemoryRegion child) {
    return take(new Edit.DelSubregionOf(parent, child));
  }

  @Override
  public final Transaction setAddress(MemoryRegion region, long offset) {
    return take(new Edit.SetAddress(region, offset));
  }

  @Override
  public final Transaction setSize(MemoryRegion region, Size size) {
    return take(new Edit.SetSize(region, size));
  }

  @Override
  public final Transaction setEnabled(MemoryRegion region, boolean enabled) {
    return take(new Edit.SetEnabled(region, enabled));
  }

  @Override
  public final Transaction setReadOnly(MemoryRegion region, boolean readOnly) {
    return take(new Edit.SetReadOnly(region, readOnly));
  }

  @Override
  public final Transaction setNoFetch(MemoryRegion region, boolean noFetch) {
    return take(new Edit.SetNoFetch(region, noFetch));
  }

  @Override
  public final Transaction setNonVolatile(MemoryRegion region, boolean nonVolatile) {
    return take(new Edit.SetNonVolatile(region, nonVolatile));
  }

  @Override
  public final Transaction setUnmergeable(MemoryRegion region, boolean unmergeable) {
    return take(new Edit.SetUnmergeable(region, unmergeable));
  }

  @Override
  public final Transaction setDirtyLogMask(MemoryRegion.Memory region, int mask) {
    return take(new Edit.SetDirtyLogMask(region, mask));
  }

  @Override
  public final Transaction startLog(MemoryRegion.Memory region, DirtyClient client) {
    return take(new Edit.StartLog(region, client));
  }

  @Override
  public final Transaction stopLog(MemoryRegion.Memory region, DirtyClient client) {
    return take(new Edit.StopLog(region, client));
  }

  @Override
  public final Transaction setAliasOffset(MemoryRegion.Alias alias, long targetOffset) {
    return take(new Edit.SetAliasOffset(alias, targetOffset));
  }

  @Override
  public final Transaction setRomdMode(MemoryRegion.RomDevice device, boolean romdMode) {
    return take(new Edit.SetRomdMode(device, romdMode));
  }

  @Override
  public final Transaction addDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    return take(new Edit.AddDoorbell(device, doorbell));
  }

  @Override
  public final Transaction removeDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    return take(new Edit.RemoveDoorbell(device, doorbell));
  }

  @Override
  public final Transaction addCoalesced(MemoryRegion.Mmio device, AddressRange offsets) {
    return take(new Edit.AddCoalesced(device, offsets));
  }

  @Override
  public final Transaction clearCoalesced(MemoryRegion.Mmio device) {
    return take(new Edit.ClearCoalesced(device));
  }
}
