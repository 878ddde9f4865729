package io.flatview.dispatch;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Topology;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapPlan;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Transactions and commits: the one place from which the tree is changed and a generation is published.
 *
 * <h2>How a commit goes</h2>
 *
 * <ol>
 *   <li>What is dirty is rendered anew, beside the views in force and sharing with them what is not.
 *   <li>Listeners are asked, then told what goes away and what appears. Among them are the address spaces' dispatchers,
 *       which build the next page maps. Until here everything can be taken back, and is if anything throws.
 *   <li>One release store publishes the next generation.
 *   <li>Listeners get {@code commit}.
 *   <li>Transactions that listeners began meanwhile are committed in the same way, together.
 *   <li>The lock is given back, and what was replaced is retired through the policy, which may make the caller wait.
 * </ol>
 *
 * <h2>Who guards what</h2>
 *
 * <p>Everything here, and in {@link SpaceDesk}, {@link ListenerDesk} and {@link TapDesk}, is guarded by the {@link
 * MapLock}, which the outermost transaction holds from begin to end. Readers never take it, and nobody waits for a
 * grace period while holding it. A listener's transaction runs under the lock of the commit that called the listener:
 * its changes are made at once, after the present commit has rendered, and share its fate until publication, since they
 * stand in the same undo log.
 */
final class Committer {

  private static final System.Logger LOG = System.getLogger(Committer.class.getName());

  private final MapLock lock;
  private final ReclaimPolicy policy;
  private final RcuReference<Generation> generations;
  private final Topology topology;
  private final Retirement retirement;
  private final Deque<MapTransaction> open = new ArrayDeque<>();
  private final List<Ticket> deferred = new ArrayList<>();
  private final SpaceIndex spaces;
  private final ShownViews shownViews;
  private final TapDesk tapDesk;
  private boolean calling;
  private boolean closed;

  Committer(
      ReclaimPolicy policy, RcuReference<Generation> generations, SharedMaps shared, Topology topology,
      Retirement retirement, SpaceIndex spaces, MapLock lock) {
    this.lock = lock;
    this.policy = policy;
    this.generations = generations;
    this.topology = topology;
    this.retirement = retirement;
    this.spaces = spaces;
    this.shownViews = new ShownViews(shared);
    this.tapDesk = new TapDesk(this, lock, spaces, topology.taps(), generations, shared, retirement);
  }

  MapTransaction begin() {
    lock.lock();
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("the memory system is closed; create a new one");
    }
    MapTransaction outer = open.peek();
    MapTransaction begun = outer == null
        ? new MapTransaction(this, topology, new Ticket(policy), true)
        : new MapTransaction(this, topology, outer.ticket, false);
    open.push(begun);
    return begun;
  }

  boolean isInnermost(MapTransaction transaction) {
    return open.peek() == transaction;
  }

  void rollBack(MapTransaction transaction) {
    end(transaction);
    try {
      topology.undoTo(transaction.mark);
      if (transaction.outermost) {
        transaction.ticket.failed(new IllegalStateException("the transaction was closed without a commit"));
      }
    } finally {
      lock.unlock();
    }
  }

  CommitTicket commit(MapTransaction transaction) {
    end(transaction);
    try {
      if (transaction.outermost && calling) {
        deferred.add(transaction.ticket);
      } else if (transaction.outermost) {
        commitWithFollowers(transaction.ticket);
      }
      return transaction.ticket;
    } finally {
      try {
        tapDesk.renewStale();
      } finally {
        lock.unlock();
      }
    }
  }

  private void end(MapTransaction transaction) {
    open.pop();
    transaction.ended = true;
  }

  MapPlan plan() {
    List<SpaceChange> changes = draft(topology.mark(), List.of(), GateChanges.Taken.NONE).changes();
    return new MapPlan(changes.stream().map(SpaceChange::change).toList(), topology.equalPriorityOverlaps());
  }

  private void commitWithFollowers(Ticket ticket) {
    List<Throwable> failures = new ArrayList<>();
    commitOnce(List.of(ticket), failures);
    commitFollowers(failures);
    if (!failures.isEmpty()) {
      ListenerException report = new ListenerException(ticket);
      failures.forEach(report::addSuppressed);
      throw report;
    }
  }

  /** Commits what listeners asked for, which may make listeners ask for more. */
  private void commitFollowers(List<Throwable> failures) {
    while (!deferred.isEmpty()) {
      List<Ticket> tickets = List.copyOf(deferred);
      deferred.clear();
      try {
        commitOnce(tickets, failures);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
  }

  private void commitOnce(List<Ticket> tickets, List<Throwable> failures) {
    int mark = topology.mark();
    final Object recorded = MapTelemetry.get().beginCommit();
    GateChanges.Taken gates = topology.gates().take();
    CommitDraft draft = prepare(mark, tickets, gates);
    gates.putInForce();
    if (draft.changes().isEmpty()) {
      spaces.show(draft.views());
      tickets.forEach(ticket -> ticket.published(generations.dereferenceProtected().number()));
      retirement.follow(tickets, !gates.isEmpty());
    } else {
      publish(draft, tickets);
    }
    topology.keepUpTo(mark);
    draft.closing().forEach(node -> node.closedBy(tickets.getFirst().quiesced()));
    call(() -> draft.notification().commit(failures::add));
    abandonOpen(0).ifPresent(failures::add);
    MapTelemetry.get().endCommit(
        recorded, generations.dereferenceProtected().number(), draft.changes().stream().map(SpaceChange::change));
  }

  /** Renders, asks, tells and builds; takes everything back if anything throws. */
  private CommitDraft prepare(int mark, List<Ticket> tickets, GateChanges.Taken gates) {
    CommitDraft draft = null;
    try {
      CommitDraft prepared = draft = draft(mark, topology.takeClosing(), gates);
      call(() -> prepared.notification().plan());
      call(() -> prepared.notification().announce());
      prepared.build();
      abandonOpen(0).ifPresent(left -> {
        throw left;
      });
      return draft;
    } catch (RuntimeException | Error e) {
      giveUp(draft, tickets, e);
      throw e;
    }
  }

  private void giveUp(CommitDraft draft, List<Ticket> tickets, Throwable cause) {
    if (draft != null) {
      call(() -> draft.notification().takeBack(cause));
      shownViews.forgetUnpublished(draft.changes());
    }
    abandonOpen(0).ifPresent(cause::addSuppressed);
    topology.undoTo(0);
    tickets.forEach(ticket -> ticket.failed(cause));
    failDeferred(cause);
  }

  private void failDeferred(Throwable cause) {
    deferred.forEach(ticket -> ticket.failed(cause));
    deferred.clear();
  }

  private void call(Runnable callbacks) {
    boolean outer = calling;
    calling = true;
    try {
      callbacks.run();
    } finally {
      calling = outer;
    }
  }

  /** Takes back transactions that listeners began and did not end. */
  private Optional<IllegalStateException> abandonOpen(int keep) {
    if (open.size() == keep) {
      return Optional.empty();
    }
    while (open.size() > keep) {
      rollBack(open.peek());
    }
    return Optional.of(new IllegalStateException(
        "a listener left a transaction open, which was taken back; use try-with-resources"));
  }

  private CommitDraft draft(int mark, List<RegionNode> closing, GateChanges.Taken gates) {
    Dirt dirt = topology.dirt(mark, spaces::watches);
    return new CommitDraft(spaces, dirt, closing, gates, generations.dereferenceProtected());
  }

  private void publish(CommitDraft draft, List<Ticket> tickets) {
    List<List<MemoryRegionSection>> gone = shownViews.replace(draft.changes());
    // Pairs with the acquire load in DispatchReader.enter: who sees the generation sees all that it reaches.
    generations.assign(draft.next());
    spaces.show(draft.views());
    tickets.forEach(ticket -> ticket.published(draft.next().number()));
    retirement.retire(draft.current(), gone, draft.closedSpaces(), tickets);
  }

  boolean isClosed() {
    return lock.undisturbed(() -> closed);
  }

  /** Whether listeners are being called, for a holder of the lock. */
  boolean isCalling() {
    return calling;
  }

  /** Who watches accesses. */
  TapDesk taps() {
    return tapDesk;
  }

  /** Closes a region: behind what a device's callback that does so has changed before. */
  void close(RegionNode node) {
    lock.outsideDevices("closing region " + node, () -> closeNow(node));
  }

  private void closeNow(RegionNode node) {
    unlessClosed(() -> {
      try (MapTransaction transaction = begin()) {
        topology.close(node);
        transaction.commit();
      }
    });
  }

  /** Closes something; what is of a closed memory system has nothing left to give back. */
  void unlessClosed(Runnable closing) {
    lock.undisturbed(() -> {
      if (!closed) {
        closing.run();
      }
      return null;
    });
  }

  /** Makes the last commit; {@code reclaimed} runs once no reader can see what it took away. */
  void close(Supplier<CommitTicket> last, Runnable reclaimed) {
    lock.refuseInDevice();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      refuseInside("close the memory system");
      last.get().quiesced().thenRun(reclaimed);
      closed = true;
    } catch (ListenerException e) {
      e.ticket().quiesced().thenRun(reclaimed);
      closed = true;
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void refuseInside(String what) {
    if (calling || !open.isEmpty()) {
      throw new IllegalStateException(
          "cannot " + what + " inside a " + (calling ? "listener's callback" : "transaction") + "; do so after it");
    }
  }

  /** Runs a replay; if it fails, what the listener changed in it is taken back. */
  void replay(Runnable replay) {
    int mark = topology.mark();
    int mine = open.size();
    try {
      call(replay);
      abandonOpen(mine).ifPresent(left -> {
        throw left;
      });
    } catch (RuntimeException | Error e) {
      abandonOpen(mine);
      topology.undoTo(mark);
      failDeferred(e);
      throw e;
    }
  }

  /** Commits what listeners asked for in a replay. Their tickets tell them of a failure; nobody else asked. */
  void commitFollowers() {
    List<Throwable> failures = new ArrayList<>();
    commitFollowers(failures);
    failures.forEach(failure -> LOG.log(WARNING, "a transaction that a listener began in a replay failed", failure));
  }
}
