package io.flatview.dispatch;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.inspect.InspectedMemory;
import io.flatview.dispatch.pagetable.PageTableVisitor;
import io.flatview.dispatch.pagetable.QemuPageTable;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Topology;
import io.flatview.dispatch.view.Explainer;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.Explanation;
import io.flatview.memory.FlatView;
import io.flatview.memory.Leak;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.RcuReference;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The address spaces: opens and closes them, each in a transaction, and looks at what they show. Guarded by the
 * committer's lock.
 */
final class SpaceDesk implements InspectedMemory {

  private final Committer committer;
  private final MapLock lock;
  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final Topology topology;
  private final Retirement retirement;
  private final SpaceIndex spaces;
  private final ListenerDesk listeners;
  private long spaceNumber;

  SpaceDesk(
      Committer committer, MapLock lock, RcuReference<Generation> generations, SharedMaps shared,
      Topology topology, Retirement retirement, SpaceIndex spaces) {
    this.lock = lock;
    this.committer = committer;
    this.generations = generations;
    this.shared = shared;
    this.topology = topology;
    this.retirement = retirement;
    this.spaces = spaces;
    this.listeners = new ListenerDesk(committer, lock, spaces, generations);
  }

  /** Who listens to them. */
  ListenerDesk listeners() {
    return listeners;
  }

  AddressSpace open(String name, MemoryRegion root, DispatchSpace.Mapper mapper) {
    lock.refuseInDevice();
    try (MapTransaction transaction = committer.begin()) {
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
    lock.outsideDevices("closing " + space, () -> committer.unlessClosed(() -> closeNow(space)));
  }

  private void closeNow(DispatchSpace space) {
    if (space.closing || space.closed) {
      return;
    }
    try (MapTransaction transaction = committer.begin()) {
      space.closing = true;
      spaces.closing(space);
      topology.countRoot(space.rootNode(), -1);
      topology.onUndo(() -> stays(space));
      transaction.commit();
    }
  }

  private void stays(DispatchSpace space) {
    space.closing = false;
    spaces.stays(space);
    topology.countRoot(space.rootNode(), 1);
  }

  /** Closes all address spaces; {@code reclaimed} runs once no reader can see any of them. */
  void closeAll(Runnable reclaimed) {
    committer.close(this::closeAll, reclaimed);
  }

  private CommitTicket closeAll() {
    try (MapTransaction transaction = committer.begin()) {
      spaces.open().forEach(this::close);
      return transaction.commit();
    }
  }

  /** Listeners that are still registered with open address spaces. */
  List<Leak> registered() {
    return undisturbed(() -> spaces.open().stream().flatMap(space -> space.listeners().stream()
        .filter(entry -> entry.listener() != space.dispatch())
        .map(entry -> new Leak("listener " + entry.listener() + " of " + space, Optional.empty()))).toList());
  }

  @Override
  public List<AddressSpace> addressSpaces() {
    return undisturbed(() -> List.copyOf(spaces.open()));
  }

  @Override
  public <T> T undisturbed(Supplier<T> look) {
    return lock.undisturbed(look);
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
}
