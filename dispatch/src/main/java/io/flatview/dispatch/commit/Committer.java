package io.flatview.dispatch.commit;

import io.flatview.dispatch.failure.Failure;
import io.flatview.dispatch.failure.Warnings;
import io.flatview.dispatch.listener.Notification;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Topology;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapPlan;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions and commits: the one place from which the tree is changed.
 *
 * <h2>How a commit goes</h2>
 *
 * <ol>
 *   <li>Dirty views are rendered, beside those in force, with which they share all unchanged parts.
 *   <li>Listeners may veto in {@code plan}, and are then called for removed and added sections. Last of them are the
 *       dispatchers, which build the next page maps. Everything that publication needs is allocated.
 *   <li>The {@link Publisher} publishes the next generation with one release store.
 *   <li>Listeners get {@code commit}.
 *   <li>Transactions that listeners began meanwhile are committed in the same way, together.
 *   <li>The lock is released, and the replaced objects are retired through the policy, which may make the caller wait.
 * </ol>
 *
 * <h2>How a commit fails</h2>
 *
 * <p>Whatever is thrown up to the release store, at whatever allocation or depth of stack, leads to {@link #giveUp}. It
 * allocates nothing until everything is undone: each change was noted in the undo log before it was made, and undoing
 * stores references only; the calls to listeners were laid out before the first was made. The stack for it is
 * {@linkplain StackReserve claimed} before the commit begins. Uses of memory that appears are counted before the
 * release store, too, and released if the commit fails. After the release store the commit stands, and failures are
 * collected and reported once; an index of the map that could not be updated is rebuilt by the next holder of the lock.
 *
 * <h2>Guards</h2>
 *
 * <p>Everything here, and in {@link AddressSpaces}, {@link Listeners}, {@link Taps} and {@link Publisher}, is guarded
 * by the {@link MapLock}, which the outermost transaction holds from begin to end. Readers never take it, and no thread
 * waits for a grace period while holding it: the lock forbids that to its holder. A listener's transaction runs under
 * the lock of the commit that called the listener: its changes are made at once, after the present commit has rendered.
 * If that commit fails before publication, they are undone with it, since they are in the same undo log.
 */
public final class Committer implements MapTransaction.Ending, MapLock.Unfinished {

  private final MapLock lock;
  private final ReclaimPolicy policy;
  private final Topology topology;
  private final SpaceIndex spaces;
  private final Publisher publisher;
  private final Taps taps;
  private MapTransaction innermost;
  private List<Ticket> deferred = new ArrayList<>();

  Committer(
      MapLock lock, ReclaimPolicy policy, Topology topology, SpaceIndex spaces, Publisher publisher, Taps taps) {
    this.lock = lock;
    this.policy = policy;
    this.topology = topology;
    this.spaces = spaces;
    this.publisher = publisher;
    this.taps = taps;
    lock.settledBy(this);
  }

  /**
   * Begins a transaction that the caller is certain to end; nested, if the calling thread has one open.
   *
   * @return a new transaction
   * @throws IllegalStateException if the memory system is closed
   */
  public MapTransaction begin() {
    return begin(null);
  }

  private MapTransaction begin(Throwable begun) {
    StackReserve.claim();
    lock.lock();
    try {
      lock.refuseClosed();
      Ticket ticket = innermost == null ? new Ticket(policy) : innermost.ticket;
      lock.begunAt(begun);
      innermost = new MapTransaction(this, topology, innermost, ticket);
      return innermost;
    } catch (Throwable thrown) {
      lock.unlock();
      throw thrown;
    }
  }

  /**
   * Begins a transaction as {@link #begin()} does, for a user that may forget to end it: remembers where it began.
   *
   * @return a new transaction
   */
  public Transaction beginForUser() {
    return begin(new Throwable("the transaction began here"));
  }

  @Override
  public MapTransaction innermost() {
    return innermost;
  }

  @Override
  public void rollBack(MapTransaction transaction) {
    try {
      topology.undoTo(transaction.mark);
      end(transaction);
      if (transaction.isOutermost()) {
        transaction.ticket.failed(new IllegalStateException("the transaction was closed without a commit"));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CommitTicket commit(MapTransaction transaction) {
    StackReserve.claim();
    boolean now = transaction.isOutermost() && !lock.isCalling();
    List<Ticket> tickets = List.of(transaction.ticket);
    Failures failures = new Failures();
    if (transaction.isOutermost() && !now) {
      deferred.add(transaction.ticket);
    }
    end(transaction);
    try {
      if (now) {
        commitWithFollowers(tickets, failures);
      }
    } catch (Throwable thrown) {
      if (now) {
        takeBackRest(tickets, thrown);
      }
      throw thrown;
    } finally {
      renewStaleAndUnlock();
    }
    return transaction.ticket;
  }

  /** Undoes what a failed commit left before the lock is released; does nothing if it has failed in the regular way. */
  private void takeBackRest(List<Ticket> tickets, Throwable cause) {
    takeBackFollowers(cause);
    failAll(tickets, cause);
  }

  private void end(MapTransaction transaction) {
    innermost = transaction.outer;
    transaction.ended = true;
  }

  private void renewStaleAndUnlock() {
    try {
      taps.renewStale();
    } catch (Throwable thrown) {
      Warnings.log(Committer.class,
          "leaves still name taps that were removed; the next commit makes them anew", thrown);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MapPlan plan() {
    return new MapPlan(
        draft(topology.mark(), GateChanges.Taken.NONE).changes(), topology.equalPriorityOverlaps());
  }

  private void commitWithFollowers(List<Ticket> tickets, Failures failures) {
    commitOnce(tickets, failures);
    commitFollowers(failures);
    if (!failures.isEmpty()) {
      ListenerException report = new ListenerException(tickets.getFirst());
      failures.addTo(report);
      throw report;
    }
  }

  /** Commits the transactions of listeners, in which listeners may begin further ones. */
  private void commitFollowers(Failures failures) {
    while (!deferred.isEmpty()) {
      try {
        commitOnce(takeDeferred(), failures);
      } catch (Throwable thrown) {
        failures.accept(thrown);
        takeBackFollowers(thrown);
      }
    }
  }

  private List<Ticket> takeDeferred() {
    List<Ticket> taken = deferred;
    deferred = new ArrayList<>();
    return taken;
  }

  /** Undoes the followers of a commit; does nothing if they failed in the regular way. */
  private void takeBackFollowers(Throwable cause) {
    topology.undoTo(0);
    failAll(deferred, cause);
    deferred.clear();
  }

  private void commitOnce(List<Ticket> tickets, Failures failures) {
    Preparation prepared = prepare(tickets);
    publish(prepared, tickets, failures);
    call(prepared, failures);
    abandonDownTo(null, failures);
    record(prepared, failures);
  }

  /** The parts of a commit that exist when it is published or fails. */
  private static final class Preparation {

    private final int mark;
    private final Failures failures = new Failures();
    private Object recorded;

    /** The changes for the Flight Recorder, collected before the index is updated. */
    private List<MapChange> changes = List.of();

    private GateChanges.Taken gates;
    private CommitDraft draft;

    /** The memory that appears or disappears; null if no view changes. */
    private ShownMemory memory;

    private Handover handover;

    Preparation(int mark) {
      this.mark = mark;
    }
  }

  /** Makes all steps up to publication; undoes everything if anything is thrown. */
  private Preparation prepare(List<Ticket> tickets) {
    Preparation prepared = null;
    try {
      prepared = new Preparation(topology.mark());
      prepare(prepared, tickets);
      return prepared;
    } catch (Throwable thrown) {
      giveUp(prepared, tickets, thrown);
      throw Failure.rethrow(explained(prepared, thrown));
    }
  }

  private void prepare(Preparation prepared, List<Ticket> tickets) {
    settle();
    prepared.recorded = MapTelemetry.get().beginCommit();
    prepared.gates = topology.gates().upTo(prepared.mark);
    prepared.draft = draft(prepared.mark, prepared.gates);
    Notification notification = prepared.draft.notification();
    boolean before = lock.calling(true);
    try {
      notification.plan();
      notification.announce();
    } finally {
      lock.calling(before);
    }
    if (innermost != null) {
      throw leftOpen();
    }
    prepared.gates.prepare();
    if (prepared.recorded != null) {
      prepared.changes = prepared.draft.changes();
    }
    if (prepared.draft.publishes()) {
      prepared.draft.build();
      prepared.memory = ShownMemory.shift(prepared.draft.roots());
      prepared.handover = publisher.prepare(prepared.draft, prepared.memory, tickets);
      prepared.memory.retain();
    } else {
      prepared.handover = publisher.prepareUnchanged(prepared.draft, tickets);
    }
  }

  private static Throwable explained(Preparation prepared, Throwable thrown) {
    if (prepared == null || prepared.draft == null) {
      return thrown;
    }
    Throwable explained = prepared.draft.notification().explain(thrown);
    prepared.failures.addTo(explained);
    return explained;
  }

  /** Undoes a commit that failed. Each step is made even if an earlier one throws. */
  private void giveUp(Preparation prepared, List<Ticket> tickets, Throwable cause) {
    try {
      if (prepared != null) {
        giveUp(prepared);
      }
    } finally {
      try {
        undoAll();
      } finally {
        failAll(tickets, cause);
        failAll(deferred, cause);
        deferred.clear();
      }
    }
  }

  private void giveUp(Preparation prepared) {
    try {
      if (prepared.draft != null) {
        takeBackCalls(prepared);
        prepared.draft.giveUp();
      }
    } finally {
      if (prepared.memory != null) {
        prepared.memory.letGo(prepared.failures);
      }
    }
  }

  private void takeBackCalls(Preparation prepared) {
    boolean before = lock.calling(true);
    try {
      prepared.draft.notification().takeBack(prepared.failures);
    } finally {
      lock.calling(before);
    }
  }

  /** Undoes every change that is not final, and ends the transactions that listeners left open. */
  private void undoAll() {
    topology.undoTo(0);
    while (innermost != null) {
      end(innermost);
      lock.unlock();
    }
  }

  /**
   * Fails tickets that are not published. A ticket whose stage cannot be failed for want of heap or stack still reports
   * the failure from {@code generation()}.
   */
  private static void failAll(List<Ticket> tickets, Throwable cause) {
    for (int i = 0; i < tickets.size(); i++) {
      try {
        tickets.get(i).failUnlessSettled(cause);
      } catch (OutOfMemoryError | StackOverflowError _) {
        // The stage stays incomplete.
      }
    }
  }

  /** Publishes a prepared commit, which can no longer fail after the release store. */
  private void publish(Preparation prepared, List<Ticket> tickets, Failures failures) {
    CommitDraft draft = prepared.draft;
    prepared.gates.putInForce();
    if (draft.publishes()) {
      publisher.publish(draft, prepared.handover);
    }
    topology.keepUpTo(prepared.mark);
    long generation = publisher.present().number();
    for (int i = 0; i < tickets.size(); i++) {
      tickets.get(i).published(generation);
    }
    try {
      closeForGood(draft.closing(), failures);
      spaces.publish(draft);
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
    if (!draft.publishes()) {
      follow(prepared, failures);
    }
  }

  private void follow(Preparation prepared, Failures failures) {
    try {
      publisher.follow(prepared.handover, !prepared.gates.isEmpty());
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  private static void closeForGood(List<RegionNode> closing, Failures failures) {
    for (int i = 0; i < closing.size(); i++) {
      try {
        closing.get(i).closedForGood();
      } catch (Throwable thrown) {
        failures.accept(thrown);
      }
    }
  }

  private void call(Preparation prepared, Failures failures) {
    boolean before = lock.calling(true);
    try {
      prepared.draft.notification().commit(failures);
    } catch (Throwable thrown) {
      failures.accept(thrown);
    } finally {
      lock.calling(before);
    }
  }

  private void record(Preparation prepared, Failures failures) {
    if (prepared.recorded == null) {
      return;
    }
    try {
      MapTelemetry.get().endCommit(prepared.recorded, publisher.present().number(), prepared.changes.stream());
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  /** Undoes the transactions that listeners began and did not end. */
  private void abandonDownTo(MapTransaction kept, Failures failures) {
    boolean left = innermost != kept;
    while (innermost != kept) {
      try {
        rollBack(innermost);
      } catch (Throwable thrown) {
        failures.accept(thrown);
      }
    }
    if (left) {
      failures.accept(leftOpen());
    }
  }

  private static IllegalStateException leftOpen() {
    return new IllegalStateException(
        "a listener left a transaction open, which was taken back; use try-with-resources");
  }

  private CommitDraft draft(int mark, GateChanges.Taken gates) {
    Dirt dirt = topology.dirt(mark);
    return new CommitDraft(spaces, publisher.shared(), dirt, topology.closing(mark), gates, publisher.present());
  }

  /**
   * Undoes the transaction of a thread that ended, and rebuilds stale indexes. Called when a thread without an open
   * transaction has taken the lock, and before a commit.
   */
  @Override
  public void settle() {
    if (innermost != null) {
      topology.undoTo(0);
      lock.calling(false);
      innermost.ended = true;
      innermost = null;
    }
    if (spaces.isStale()) {
      spaces.rebuild();
    }
  }

  @Override
  public void abandonedBy(MapLock.Hold hold) {
    MapTransaction left = innermost;
    settle();
    IllegalStateException cause = new IllegalStateException(
        "thread '" + hold.thread.getName() + "' ended with a transaction open, which was taken back", hold.begun);
    if (left != null) {
      failAll(List.of(left.ticket), cause);
    }
    Warnings.log(Committer.class, cause.getMessage() + "; use try-with-resources", cause);
  }

  /**
   * Closes a region. If called from a device's callback, closes it after the callback's own changes are committed.
   *
   * @param node the region to close
   */
  public void close(RegionNode node) {
    lock.changeOutsideDevices("closing region " + node, () -> closeNow(node));
  }

  private void closeNow(RegionNode node) {
    unlessClosed(() -> {
      try (MapTransaction transaction = begin()) {
        topology.close(node);
        transaction.commit();
      }
    });
  }

  /** Runs a close; no-op once the memory system is closed, since everything is released then. */
  void unlessClosed(Runnable closing) {
    lock.undisturbed(() -> {
      if (!lock.isClosed()) {
        closing.run();
      }
      return null;
    });
  }

  /** Whether no transaction is open. Only the holder of the lock may call this. */
  boolean isIdle() {
    return innermost == null && !lock.isCalling();
  }

  void refuseInside(String what) {
    if (lock.isCalling() || innermost != null) {
      throw new IllegalStateException("cannot " + what + " inside a "
          + (lock.isCalling() ? "listener's callback" : "transaction") + "; do so after it");
    }
  }

  /**
   * Runs a replay, and commits the transactions that the listener began in it; their failures are logged, since the
   * caller did not begin them. If the replay fails, their changes are undone.
   */
  void replay(Runnable replay) {
    int mark = topology.mark();
    Failures failures = new Failures();
    Failures followers = new Failures();
    try {
      MapTransaction mine = innermost;
      call(replay, failures);
      abandonDownTo(mine, failures);
      if (failures.isEmpty()) {
        commitFollowers(followers);
      }
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
    if (!failures.isEmpty()) {
      topology.undoTo(mark);
      failAll(deferred, failures.first());
      deferred.clear();
      failures.throwFirst();
    }
    if (!followers.isEmpty()) {
      Warnings.log(Committer.class, "a transaction that a listener began in a replay failed", followers.first());
    }
  }

  private void call(Runnable replay, Failures failures) {
    boolean before = lock.calling(true);
    try {
      replay.run();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    } finally {
      lock.calling(before);
    }
  }
}
