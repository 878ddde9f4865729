package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Edit;
import io.flatview.dispatch.topology.Topology;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapPlan;
import io.flatview.memory.Transaction;

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

  /** The transaction in which this one is nested; null for an outermost. */
  final MapTransaction outer;

  /** The length of the undo log when this transaction began. */
  final int mark;

  /** The ticket of the outermost transaction. */
  final Ticket ticket;

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
    edit.applyTo(topology.edits());
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
  Transaction innermost() {
    return ending.innermost();
  }

  @Override
  void rollBack() {
    while (!ended) {
      ending.rollBack(ending.innermost());
    }
  }

  @Override
  public String toString() {
    return describe(!isOutermost());
  }
}
