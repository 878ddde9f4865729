package io.flatview.dispatch;

import io.flatview.dispatch.topology.Topology;
import io.flatview.memory.AddressRange;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapPlan;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;

/** An open transaction; the committer holds its lock while there is one. */
final class MapTransaction implements Transaction {

  private final Committer committer;
  private final Topology topology;
  private final Thread owner = Thread.currentThread();

  /** Where the undo log stood when this transaction began. */
  final int mark;

  /** Of the outermost transaction. */
  final Ticket ticket;

  /** Whether this is the outermost transaction. */
  final boolean outermost;

  boolean ended;

  MapTransaction(Committer committer, Topology topology, Ticket ticket, boolean outermost) {
    this.committer = committer;
    this.topology = topology;
    this.mark = topology.mark();
    this.ticket = ticket;
    this.outermost = outermost;
  }

  @Override
  public Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) {
    open().edits().add(parent, offset, child, priority);
    return this;
  }

  @Override
  public Transaction delSubregion(MemoryRegion child) {
    open().edits().remove(child);
    return this;
  }

  @Override
  public Transaction setAddress(MemoryRegion region, long offset) {
    open().edits().setAddress(region, offset);
    return this;
  }

  @Override
  public Transaction setSize(MemoryRegion region, Size size) {
    open().edits().setSize(region, size);
    return this;
  }

  @Override
  public Transaction setEnabled(MemoryRegion region, boolean enabled) {
    open().edits().setEnabled(region, enabled);
    return this;
  }

  @Override
  public Transaction setReadOnly(MemoryRegion region, boolean readOnly) {
    open().edits().setReadOnly(region, readOnly);
    return this;
  }

  @Override
  public Transaction setNonVolatile(MemoryRegion region, boolean nonVolatile) {
    open().edits().setNonVolatile(region, nonVolatile);
    return this;
  }

  @Override
  public Transaction setUnmergeable(MemoryRegion region, boolean unmergeable) {
    open().edits().setUnmergeable(region, unmergeable);
    return this;
  }

  @Override
  public Transaction setDirtyLogMask(MemoryRegion region, int mask) {
    open().edits().setDirtyLogMask(region, mask);
    return this;
  }

  @Override
  public Transaction setAliasOffset(MemoryRegion.Alias alias, long targetOffset) {
    open().edits().setAliasOffset(alias, targetOffset);
    return this;
  }

  @Override
  public Transaction setRomdMode(MemoryRegion.RomDevice device, boolean romdMode) {
    open().edits().setRomdMode(device, romdMode);
    return this;
  }

  @Override
  public Transaction addDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    open().gates().add(device, doorbell);
    return this;
  }

  @Override
  public Transaction removeDoorbell(MemoryRegion.Mmio device, Doorbell doorbell) {
    open().gates().remove(device, doorbell);
    return this;
  }

  @Override
  public Transaction addCoalesced(MemoryRegion.Mmio device, AddressRange offsets) {
    open().gates().coalesce(device, offsets);
    return this;
  }

  @Override
  public Transaction clearCoalesced(MemoryRegion.Mmio device) {
    open().gates().clearCoalesced(device);
    return this;
  }

  @Override
  public MapPlan plan() {
    open();
    return committer.plan();
  }

  @Override
  public CommitTicket commit() {
    open();
    return committer.commit(this);
  }

  @Override
  public void close() {
    if (!ended) {
      open();
      committer.rollBack(this);
    }
  }

  /** The topology, for the thread that may change it now. */
  private Topology open() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended; begin a new one");
    }
    if (owner != Thread.currentThread()) {
      throw new IllegalStateException("the transaction belongs to thread '" + owner.getName()
          + "'; begin one in thread '" + Thread.currentThread().getName() + "'");
    }
    if (!committer.isInnermost(this)) {
      throw new IllegalStateException("a transaction nested in this one is still open; commit or close it first");
    }
    return topology;
  }
}
