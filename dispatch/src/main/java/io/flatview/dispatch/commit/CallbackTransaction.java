package io.flatview.dispatch.commit;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.failure.Warnings;
import io.flatview.dispatch.topology.Edit;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapPlan;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A transaction that began in a device's callback: it records its changes, which are made when the access has ended. It
 * takes no lock before that, so a device that is called under its lock cannot wait for a committer that waits for the
 * device's lock.
 *
 * <p>Nested transactions record into the list of the outermost, which is made as one. A callback that leaves its
 * transaction open changes nothing.
 */
final class CallbackTransaction extends EditTransaction {

  private final Committer committer;
  private final AccessChain chain;

  /** The transaction in which this one is nested; null for an outermost. */
  private final CallbackTransaction outer;

  /** The changes of the outermost transaction and of those nested in it, in their order. */
  private final List<Consumer<MapTransaction>> changes;

  /** The number of changes when this transaction began. */
  private final int mark;

  /** The ticket of the outermost transaction. */
  private final CallbackTicket ticket;

  private boolean committed;

  private CallbackTransaction(Committer committer, AccessChain chain, CallbackTransaction outer) {
    this.committer = committer;
    this.chain = chain;
    this.outer = outer;
    this.changes = outer == null ? new ArrayList<>() : outer.changes;
    this.mark = changes.size();
    this.ticket = outer == null ? new CallbackTicket() : outer.ticket;
  }

  /** Begins a transaction in a device's callback, nested if the callbacks of the thread have one open. */
  static CallbackTransaction begin(Committer committer, AccessChain chain) {
    CallbackTransaction begun = new CallbackTransaction(committer, chain, openIn(chain));
    if (begun.outer == null) {
      chain.afterAccess(begun::settle);
    }
    chain.open(begun);
    return begun;
  }

  /** The innermost transaction that the callbacks of a thread have open; null if there is none. */
  static CallbackTransaction openIn(AccessChain chain) {
    return (CallbackTransaction) chain.open();
  }

  @Override
  void edit(Edit edit) {
    refuseUnlessOpen();
    changes.add(transaction -> transaction.edit(edit));
  }

  /** Records work that changes the map in a transaction of its own, which is then nested in this one. */
  void add(Runnable work) {
    changes.add(_ -> work.run());
  }

  @Override
  public MapPlan plan() {
    throw new IllegalStateException("a transaction that began in a device's callback cannot be planned, since nothing"
        + " is changed before the access has ended; commit it, and look at its ticket");
  }

  @Override
  public CommitTicket commit() {
    refuseUnlessOpen();
    end();
    committed = true;
    return ticket;
  }

  @Override
  Transaction innermost() {
    return chain.open();
  }

  @Override
  void rollBack() {
    while (!ended) {
      openIn(chain).end();
    }
    while (changes.size() > mark) {
      changes.removeLast();
    }
    if (outer == null) {
      ticket.fail(new IllegalStateException("the transaction was closed without a commit"));
    }
  }

  private void end() {
    ended = true;
    chain.open(outer);
  }

  /** Makes the changes if the callback has committed them. */
  private void settle() {
    if (committed) {
      make();
    } else if (!ended) {
      rollBack();
      Warnings.log(CallbackTransaction.class,
          "a device's callback left ", this + ", which was taken back; use try-with-resources", null);
    }
  }

  /** A failure is logged, since the device has returned, and the guest did nothing wrong. */
  private void make() {
    try (MapTransaction transaction = committer.begin()) {
      changes.forEach(change -> change.accept(transaction));
      ticket.follow(transaction.commit());
    } catch (ListenerException published) {
      ticket.follow(published.ticket());
      Warnings.log(CallbackTransaction.class,
          "listeners failed after the commit of a transaction that a device began", published);
    } catch (Throwable thrown) {
      ticket.fail(thrown);
      Warnings.log(CallbackTransaction.class, "a transaction that a device began in a callback failed", thrown);
    }
  }

  @Override
  public String toString() {
    return describe(outer != null) + " in a device's callback, of " + changes.size() + " changes";
  }
}
