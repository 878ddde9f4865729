package io.flatview.dispatch;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.access.AccessChains;
import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.inspect.InspectedMemory;
import io.flatview.dispatch.pagetable.PageTableVisitor;
import io.flatview.dispatch.pagetable.QemuPageTable;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Topology;
import io.flatview.dispatch.view.Explainer;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.Explanation;
import io.flatview.memory.FlatView;
import io.flatview.memory.Leak;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapException;
import io.flatview.memory.MapPlan;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The write side of a memory system: transactions, commits, and the address spaces and listeners they concern.
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
 *   <li>What was replaced is retired through the policy, which may make the caller wait: so the lock is given back first.
 * </ol>
 *
 * <h2>Who guards what</h2>
 *
 * <p>Everything here is guarded by {@code lock}, which the outermost transaction holds from begin to end. Readers never
 * take it, and nobody waits for a grace period while holding it. A listener's transaction runs under the lock of the
 * commit that called the listener: its changes are made at once, after the present commit has rendered, and share its
 * fate until publication, since they stand in the same undo log.
 */
final class Committer implements InspectedMemory {

  private static final System.Logger LOG = System.getLogger(Committer.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final ReclaimPolicy policy;
  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final Topology topology;
  private final Retirement retirement;
  private final AccessChains chains;
  private final Deque<MapTransaction> open = new ArrayDeque<>();
  private final List<Ticket> deferred = new ArrayList<>();
  private final SpaceIndex spaces = new SpaceIndex();
  private final ShownViews shownViews;
  private final TapDesk tapDesk;
  private long listenerSequence;
  private long spaceNumber;
  private boolean calling;
  private boolean closed;

  Committer(
      ReclaimPolicy policy, RcuReference<Generation> generations, SharedMaps shared, Topology topology,
      Retirement retirement, AccessChains chains) {
    this.policy = policy;
    this.generations = generations;
    this.shared = shared;
    this.topology = topology;
    this.retirement = retirement;
    this.chains = chains;
    this.shownViews = new ShownViews(shared);
    this.tapDesk = new TapDesk(topology.taps(), generations, shared, retirement);
  }

  // Transactions

  MapTransaction begin() {
    lock.lock();
    if (closed) {
      unlock();
      throw new IllegalStateException("the memory system is closed; create a new one");
    }
    MapTransaction outer = open.peek();
    MapTransaction begun = outer == null
        ? new MapTransaction(this, topology, new Ticket(policy), true)
        : new MapTransaction(this, topology, outer.ticket, false);
    open.push(begun);
    return begun;
  }

  /** Gives the lock back, and retires what was replaced if that was the last hold. */
  private void unlock() {
    lock.unlock();
    if (!lock.isHeldByCurrentThread()) {
      retirement.handOver();
    }
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
      unlock();
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
        renewTapped();
      } finally {
        unlock();
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
    return new CommitDraft(spaces, topology.dirt(mark), closing, gates, generations.dereferenceProtected());
  }

  private void publish(CommitDraft draft, List<Ticket> tickets) {
    List<List<MemoryRegionSection>> gone = shownViews.replace(draft.changes());
    // Pairs with the acquire load in DispatchReader.enter: who sees the generation sees all that it reaches.
    generations.assign(draft.next());
    spaces.show(draft.views());
    tickets.forEach(ticket -> ticket.published(draft.next().number()));
    retirement.retire(draft.current(), gone, draft.closedSpaces(), tickets);
  }

  private boolean isClosed() {
    return undisturbed(() -> closed);
  }

  // Regions

  MemoryRegion.Alias alias(Supplier<MemoryRegion.Alias> factory) {
    return undisturbed(factory);
  }

  /** Closes a region: behind what a device's callback that does so has changed before. */
  void close(RegionNode node) {
    outsideDevices("closing region " + node, () -> closeNow(node));
  }

  /** A region of a closed memory system has nothing left to give back. */
  private void closeNow(RegionNode node) {
    if (isClosed()) {
      return;
    }
    try (MapTransaction transaction = begin()) {
      topology.close(node);
      transaction.commit();
    }
  }

  /** Memories and doorbells that nothing holds. */
  List<Leak> leaks() {
    return undisturbed(() -> Stream.concat(
        topology.unheld().stream().map(node -> new Leak("memory " + node, node.ram().created())),
        topology.gates().unheld().stream().flatMap(node -> node.doorbells().stream()
            .map(bell -> new Leak(bell + " of device " + node, Optional.empty())))).toList());
  }

  /** Listeners that are still registered with open address spaces. */
  List<Leak> listeners() {
    return undisturbed(() -> spaces.open().stream().flatMap(space -> space.listeners().stream()
        .filter(entry -> entry.listener() != space.dispatch())
        .map(entry -> new Leak("listener " + entry.listener() + " of " + space, Optional.empty()))).toList());
  }

  // Address spaces

  AddressSpace open(String name, MemoryRegion root, DispatchSpace.Mapper mapper) {
    refuseInDevice();
    try (MapTransaction transaction = begin()) {
      RegionNode node = topology.open(root);
      DispatchSpace space = new DispatchSpace(
          this, generations, retirement.takeSlot(), spaceNumber++, name, node, shared, mapper);
      spaces.add(space);
      topology.countRoot(node, 1);
      topology.onUndo(() -> forget(space));
      transaction.commit();
      return space;
    }
  }

  private void forget(DispatchSpace space) {
    spaces.remove(space);
    topology.countRoot(space.rootNode(), -1);
    space.closed = true;
    retirement.giveBackSlot(space);
  }

  void close(DispatchSpace space) {
    outsideDevices("closing " + space, () -> closeNow(space));
  }

  private void closeNow(DispatchSpace space) {
    if (space.closed) {
      return;
    }
    try (MapTransaction transaction = begin()) {
      if (!space.closing && !space.closed) {
        space.closing = true;
        spaces.closing(space);
        topology.countRoot(space.rootNode(), -1);
        topology.onUndo(() -> {
          space.closing = false;
          spaces.stays(space);
          topology.countRoot(space.rootNode(), 1);
        });
      }
      transaction.commit();
    }
  }

  @Override
  public List<AddressSpace> addressSpaces() {
    return undisturbed(() -> List.copyOf(spaces.open()));
  }

  @Override
  public <T> T undisturbed(Supplier<T> look) {
    refuseInDevice();
    lock.lock();
    try {
      return look.get();
    } finally {
      unlock();
    }
  }

  @Override
  public long generation() {
    return generations.dereferenceProtected().number();
  }

  @Override
  public void showPageTable(AddressSpace space, PageTableVisitor visitor) {
    FlatView view = generations.dereferenceProtected().view(DispatchedSpace.in(generations, space).slot());
    QemuPageTable.of(shared.geometry(), view.sections()).accept(visitor);
  }

  Explanation explain(DispatchSpace space, long address) {
    return undisturbed(() -> Explainer.explain(space, space.rootNode(), space.shownView(), address));
  }

  /** A line for each difference between what is published and what a full rebuild makes. */
  List<String> compareWithRebuild() {
    return undisturbed(() -> spaces.open().stream()
        .flatMap(space -> Rebuild.compare(space, generations.dereferenceProtected(), shared).stream()).toList());
  }

  /** Closes all address spaces; {@code reclaimed} runs once no reader can see any of them. */
  void close(Runnable reclaimed) {
    refuseInDevice();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      refuseInside("close the memory system");
      closeSpaces().quiesced().thenRun(reclaimed);
      closed = true;
    } catch (ListenerException e) {
      e.ticket().quiesced().thenRun(reclaimed);
      closed = true;
      throw e;
    } finally {
      unlock();
    }
  }

  private CommitTicket closeSpaces() {
    try (MapTransaction transaction = begin()) {
      spaces.open().forEach(this::close);
      return transaction.commit();
    }
  }

  private void refuseInside(String what) {
    if (calling || !open.isEmpty()) {
      throw new IllegalStateException(
          "cannot " + what + " inside a " + (calling ? "listener's callback" : "transaction") + "; do so after it");
    }
  }

  // Callbacks of devices

  /**
   * A device's callback may hold the device's lock, for which the holder of this one may wait: a listener that makes an
   * access. So it must not wait for this one.
   */
  private void refuseInDevice() {
    if (chains.current().isInDevice() && !lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a device's callback can begin transactions, and close regions and address spaces,"
          + " which takes effect when the access has ended; anything else would wait for the map's lock, whose holder may"
          + " wait for the device: do it beforehand, or in another thread");
    }
  }

  /** Does something now, or when the access has ended; nobody is there then to catch what is thrown. */
  private void outsideDevices(String what, Runnable work) {
    AccessChain chain = chains.current();
    if (chain.isInDevice()) {
      chain.afterAccess(() -> attempt(what, work));
    } else {
      work.run();
    }
  }

  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(WARNING, what + " failed after the callback of the device that asked for it", e);
    }
  }

  // Taps

  TapRegistration tap(TapPoint point) {
    return undisturbed(() -> {
      if (closed) {
        throw new IllegalStateException("the memory system is closed; " + point + " would see nothing");
      }
      if (calling) {
        throw new IllegalStateException(point + " cannot come inside a listener's callback; attach it after the commit");
      }
      tapDesk.taps().add(point);
      tapDesk.renew(spaces.open());
      return new TapPlace(this, point, new Ticket(policy));
    });
  }

  /** Calls that are under way are in sections that a grace period waits for. */
  void untap(Ticket ticket) {
    outsideDevices("taking out a tap", () -> undisturbed(() -> {
      ticket.published(generation());
      retirement.follow(List.of(ticket), true);
      renewTapped();
      return null;
    }));
  }

  /** While listeners are called the leaves of the next generation are made already; the commit's end comes back here. */
  private void renewTapped() {
    if (tapDesk.taps().isStale() && !calling && !closed) {
      tapDesk.renew(spaces.open());
    }
  }

  // Listeners

  AddressSpace.Registration register(DispatchSpace space, MemoryListener listener) {
    Objects.requireNonNull(listener, "listener");
    refuseInDevice();
    lock.lock();
    try {
      refuseInCallback(space);
      refuseClosed(space);
      if (space.listeners().stream().anyMatch(entry -> entry.isFor(listener))) {
        throw new IllegalStateException("listener " + listener + " is registered with " + space + " already");
      }
      ListenerEntry entry = ListenerEntry.of(listener, listenerSequence++);
      replay(() -> Notification.replay(alone(space, entry, RenderedView.EMPTY, space.shownView())));
      space.add(entry);
      spaces.heard(space);
      commitFollowers();
      return () -> unregister(space, entry);
    } finally {
      unlock();
    }
  }

  private void unregister(DispatchSpace space, ListenerEntry entry) {
    refuseInDevice();
    lock.lock();
    try {
      if (space.closed || !space.listeners().contains(entry)) {
        return;
      }
      refuseInCallback(space);
      space.remove(entry);
      spaces.heard(space);
      replay(() -> Notification.replayAway(alone(space, entry, space.shownView(), RenderedView.EMPTY)));
      commitFollowers();
    } finally {
      unlock();
    }
  }

  private void refuseInCallback(DispatchSpace space) {
    if (calling) {
      throw new IllegalStateException("listeners of " + space + " cannot come or go inside a listener's callback");
    }
  }

  private static void refuseClosed(DispatchSpace space) {
    if (space.closed || space.closing) {
      throw new IllegalStateException(space + " is closed");
    }
  }

  private SpaceChange alone(DispatchSpace space, ListenerEntry entry, FlatView before, FlatView after) {
    return SpaceChange.alone(space, entry, before, after, generations.dereferenceProtected().number());
  }

  /** Runs a replay; if it fails, what the listener changed in it is taken back. */
  private void replay(Runnable replay) {
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
  private void commitFollowers() {
    List<Throwable> failures = new ArrayList<>();
    commitFollowers(failures);
    failures.forEach(failure -> LOG.log(WARNING, "a transaction that a listener began in a replay failed", failure));
  }
}
