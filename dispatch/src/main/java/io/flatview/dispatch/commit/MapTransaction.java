package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Edit;
import io.flatview.dispatch.topology.Topology;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapPlan;

/** An open transaction. Its thread holds the map's lock as long as it is open. */
final class MapTransaction extends EditTransaction {

  /** Ends transactions. */
  interface Ending {

    CommitTicket commit(MapTransaction transaction);

    void rollBack(MapTransaction transaction);

    MapPlan plan();

    /** The transaction that was begun last and has not ended; null if there is none. */
    MapTransaction innermost();
  }

  private final Ending ending;
  private final Topology topology;
  private final Thread owner = Thread.currentThread();

  /** The transaction in which this one is nested; null for an outermost. */
  final MapTransaction outer;

  /** The length of the undo log when this transaction began. */
  final int mark;

  /** The ticket of the outermost transaction. */
  final Ticket ticket;

  /** Whether the transaction has ended; written by the committer only. */
  boolean ended;

  MapTransaction(Ending ending, Topology topology, MapTransaction outer, Ticket ticket) {
    this.ending = ending;
    this.topology = topology;
    this.outer = outer;
    this.mark = topology.mark();
    this.ticket = ticket;
  }

  boolean isOutermost() {
    return outer == null;
  }

  @Override
  void edit(Edit edit) {
    refuseUnlessOpen();
    topology.edits().apply(edit);
  }

  @Override
  public MapPlan plan() {
    refuseUnlessOpen();
    return ending.plan();
  }

  @Override
  public CommitTicket commit() {
    refuseUnlessOpen();
    return ending.commit(this);
  }

  @Override
  public void close() {
    if (!ended) {
      refuseUnlessOpen();
      ending.rollBack(this);
    }
  }

  @Override
  public String toString() {
    return (ended ? "ended" : isOutermost() ? "open" : "nested") + " transaction of thread '" + owner.getName() + "'";
  }

  private void refuseUnlessOpen() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended; begin a new one");
    }
    if (owner != Thread.currentThread()) {
      throw new IllegalStateException("the transaction belongs to thread '" + owner.getName()
          + "'; begin one in thread '" + Thread.currentThread().getName() + "'");
    }
    if (ending.innermost() != this) {
      throw new IllegalStateException("a transaction nested in this one is still open; commit or close it first");
    }
  }
}
