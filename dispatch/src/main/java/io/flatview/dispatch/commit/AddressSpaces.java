package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.inspect.InspectedMemory;
import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Topology;
import io.flatview.dispatch.view.Explainer;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.Explanation;
import io.flatview.memory.Leak;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.RcuReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The address spaces: opens and closes them, each in a transaction, and reads their views. Guarded by the map's
 * lock.
 */
public final class AddressSpaces implements InspectedMemory, DispatchSpace.Owner {

  private final Committer committer;
  private final MapLock lock;
  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final Topology topology;
  private final SpaceIndex spaces;
  private final Listeners listeners;
  private long spaceNumber;

  AddressSpaces(
      Committer committer, MapLock lock, RcuReference<Generation> generations, SharedMaps shared,
      Topology topology, SpaceIndex spaces) {
    this.lock = lock;
    this.committer = committer;
    this.generations = generations;
    this.shared = shared;
    this.topology = topology;
    this.spaces = spaces;
    this.listeners = new Listeners(
        committer, lock, spaces, generations, new SelectionCommits(committer, topology.banks(), spaces));
  }

  /**
   * Opens an address space.
   *
   * @param name a name for people
   * @param root the region that it shows
   * @param options the options of the space
   * @param mapper opens its windows
   * @return the address space
   */
  public AddressSpace open(
      String name, MemoryRegion root, AddressSpaceOptions options, DispatchSpace.Mapper mapper) {
    lock.refuseInDevice();
    requireReach(name, root, options);
    try (MapTransaction transaction = committer.begin()) {
      RegionNode node = topology.open(root);
      DispatchSpace space = new DispatchSpace(this, generations, spaceNumber, name, options, node, mapper);
      spaceNumber++;
      topology.onUndo(() -> forget(space));
      spaces.add(space);
      countRoot(space, true);
      transaction.commit();
      return space;
    }
  }

  private static void requireReach(String name, MemoryRegion root, AddressSpaceOptions options) {
    String beyond = SpaceReach.beyond(name, RegionNode.of(root), options);
    if (beyond != null) {
      throw new IllegalArgumentException(beyond);
    }
  }

  private void countRoot(DispatchSpace space, boolean counted) {
    if (space.rootCounted != counted) {
      topology.countRoot(space.rootNode(), counted ? 1 : -1);
      space.rootCounted = counted;
    }
  }

  /** Undoes the opening of a space, which no reader has seen. */
  private void forget(DispatchSpace space) {
    spaces.remove(space);
    countRoot(space, false);
    space.closed = true;
  }

  @Override
  public void close(DispatchSpace space) {
    lock.changeOutsideDevices("closing " + space, () -> committer.unlessClosed(() -> closeNow(space)));
  }

  private void closeNow(DispatchSpace space) {
    if (space.closing || space.closed) {
      return;
    }
    try (MapTransaction transaction = committer.begin()) {
      topology.onUndo(() -> stays(space));
      spaces.closing(space);
      space.closing = true;
      countRoot(space, false);
      transaction.commit();
    }
    listeners.selections().endUnlessWanted();
  }

  private void stays(DispatchSpace space) {
    space.closing = false;
    spaces.stays(space);
    countRoot(space, true);
  }

  /**
   * Closes all address spaces, and the memory system with them; does nothing if it is closed.
   *
   * @param reclaimed runs once no reader can see any of them
   * @param abandoned is called instead if the policy gives up before
   */
  public void closeAll(Runnable reclaimed, Consumer<Throwable> abandoned) {
    lock.refuseInDevice();
    lock.lock();
    try {
      if (!lock.isClosed()) {
        committer.refuseInside("close the memory system");
        closeAllNow(reclaimed, abandoned);
        lock.closeForGood();
      }
    } catch (ListenerException published) {
      lock.closeForGood();
      throw published;
    } finally {
      lock.unlock();
    }
  }

  private void closeAllNow(Runnable reclaimed, Consumer<Throwable> abandoned) {
    try (MapTransaction transaction = committer.begin()) {
      transaction.ticket.first(reclaimed, abandoned);
      for (DispatchSpace space : spaces.open()) {
        close(space);
      }
      transaction.commit();
    }
  }

  @Override
  public AddressSpace.Registration register(DispatchSpace space, MemoryListener listener, AddressRange range) {
    return listeners.register(space, listener, range);
  }

  /**
   * Listeners that are still registered with open address spaces.
   *
   * @return one leak for each
   */
  public List<Leak> registered() {
    return undisturbed(this::registeredNow);
  }

  private List<Leak> registeredNow() {
    List<Leak> registered = new ArrayList<>();
    for (DispatchSpace space : spaces.open()) {
      for (ListenerEntry entry : space.listeners()) {
        registered.add(new Leak("listener " + entry + " of " + space, Optional.empty()));
      }
    }
    return registered;
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
  public Explanation explain(DispatchSpace space, long address) {
    return undisturbed(() -> Explainer.explain(
        space, space.rootNode(), space.shownView(), address & space.options().lastAddress()));
  }

  /**
   * Compares the published views and maps with those of a full rebuild.
   *
   * @return a line for each difference
   */
  public List<String> compareWithRebuild() {
    return undisturbed(() -> spaces.open().stream()
        .flatMap(space -> Rebuild.compare(space, generations.dereferenceProtected(), shared).stream()).toList());
  }
}
