package io.flatview.dispatch.commit;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.topology.Edit;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction that began in a device's callback: it records its edits, which are made when the access has ended. It
 * takes no lock before that, so a device that is called under its lock cannot wait for a committer that waits for the
 * device's lock.
 */
final class CallbackTransaction extends EditTransaction {

  private static final System.Logger LOG = System.getLogger(CallbackTransaction.class.getName());

  private final Committer committer;
  private final AccessChain chain;
  private final List<Edit> edits = new ArrayList<>();
  private boolean ended;

  CallbackTransaction(Committer committer, AccessChain chain) {
    this.committer = committer;
    this.chain = chain;
  }

  @Override
  void edit(Edit edit) {
    refuseEnded();
    edits.add(edit);
  }

  private void refuseEnded() {
    if (ended) {
      throw new IllegalStateException("the transaction has ended; begin a new one");
    }
  }

  @Override
  public MapPlan plan() {
    throw new IllegalStateException("a transaction that began in a device's callback cannot be planned, since nothing"
        + " is changed before the access has ended; commit it, and look at its ticket");
  }

  @Override
  public CommitTicket commit() {
    refuseEnded();
    CallbackTicket ticket = new CallbackTicket();
    chain.afterAccess(() -> make(ticket));
    ended = true;
    return ticket;
  }

  /** A failure is logged, since the device has returned, and the guest did nothing wrong. */
  private void make(CallbackTicket ticket) {
    try (MapTransaction transaction = committer.begin()) {
      edits.forEach(transaction::edit);
      ticket.follow(transaction.commit());
    } catch (ListenerException published) {
      ticket.follow(published.ticket());
      Warnings.log(LOG, "listeners failed after the commit of a transaction that a device began", published);
    } catch (Throwable thrown) {
      ticket.fail(thrown);
      Warnings.log(LOG, "a transaction that a device began in a callback failed", thrown);
    }
  }

  @Override
  public void close() {
    ended = true;
  }

  @Override
  public String toString() {
    return (ended ? "ended" : "open") + " transaction of a device's callback: " + edits;
  }
}
