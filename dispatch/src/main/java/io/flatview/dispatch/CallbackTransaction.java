package io.flatview.dispatch;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.memory.AddressRange;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapPlan;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A transaction that began in a device's callback: a list of changes, to be made when the access has ended. Nothing is
 * locked until then, so a device that is called with a lock held cannot wait for a committer that waits for the device.
 */
final class CallbackTransaction implements Transaction {

  private static final System.Logger LOG = System.getLogger(CallbackTransaction.class.getName());

  private final Committer committer;
  private final AccessChain chain;
  private final List<Consumer<Transaction>> changes = new ArrayList<>();
  private boolean ended;

  CallbackTransaction(Committer committer, AccessChain chain) {
    this.committer = committer;
    this.chain = chain;
  }

  private Transaction note(Consumer<Transaction> change) {
    refuseEnded();
    changes.add(change);
    return this;
  }

  private void refuseEnded() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended; begin a new one");
    }
  }

  @Override
  public Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) {
    return note(tx -> tx.addSubregion(parent, offset, child, priority));
  }

  @Override
  public Transaction delSubregion(MemoryRegion child) {
    return note(tx -> tx.delSubregion(child));
  }

  @Override
  public Transaction setAddress(MemoryRegion region, long offset) {
    return note(tx -> tx.setAddress(region, offset));
  }

  @Override
  public Transaction setSize(MemoryRegion region, Size size) {
    return note(tx -> tx.setSize(region, size));
  }

  @Override
  public Transaction setEnabled(MemoryRegion region, boolean enabled) {
    return note(tx -> tx.setEnabled(region, enabled));
  }

  @Override
  public Transaction setReadOnly(MemoryRegion region, boolean readOnly) {
    return note(tx -> tx.setReadOnly(region, readOnly));
  }

  @Override
  public Transaction setNonVolatile(MemoryRegion region, boolean nonVolatile) {
    return note(tx -> tx.setNonVolatile(region, nonVolatile));
  }

  @Override
  public Transaction setUnmergeable(MemoryRegion region, boolean unmergeable) {
    return note(tx -> tx.setUnmergeable(region, unmergeable));
  }

  @Override
  public Transaction setDirtyLogMask(MemoryRegion region, int mask) {
    return note(tx -> tx.setDirtyLogMask(region, mask));
  }

  @Override
  public Transaction setAliasOffset(MemoryRegion.Alias alias, long targetOffset) {
    return note(tx -> tx.setAliasOffset(alias, targetOffset));
  }

  @Override
  public Transaction setRomdMode(MemoryRegion.RomDevice device, boolean romdMode) {
    return note(tx -> tx.setRomdMode(device, romdMode));
  }

  @Override
  public Transaction addDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    return note(tx -> tx.addDoorbell(device, doorbell));
  }

  @Override
  public Transaction removeDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    return note(tx -> tx.removeDoorbell(device, doorbell));
  }

  @Override
  public Transaction addCoalesced(MemoryRegion.Mmio device, AddressRange offsets) {
    return note(tx -> tx.addCoalesced(device, offsets));
  }

  @Override
  public Transaction clearCoalesced(MemoryRegion.Mmio device) {
    return note(tx -> tx.clearCoalesced(device));
  }

  @Override
  public MapPlan plan() {
    throw new IllegalStateException("a transaction that began in a device's callback cannot be planned, since nothing"
        + " is changed before the access has ended; commit it, and look at its ticket");
  }

  @Override
  public CommitTicket commit() {
    refuseEnded();
    ended = true;
    CallbackTicket ticket = new CallbackTicket();
    chain.afterAccess(() -> make(ticket));
    return ticket;
  }

  /** Nobody is there to catch what is thrown: the device has returned, and the guest did nothing wrong. */
  private void make(CallbackTicket ticket) {
    try (Transaction transaction = committer.begin()) {
      changes.forEach(change -> change.accept(transaction));
      ticket.follow(transaction.commit());
    } catch (RuntimeException e) {
      ticket.fail(e);
      LOG.log(WARNING, "a transaction that a device began in a callback failed", e);
    }
  }

  @Override
  public void close() {
    ended = true;
  }
}
