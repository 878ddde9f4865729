package io.flatview.dispatch;

import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.SpaceView;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.RcuReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** An open address space. All but the name, the root and the flags is guarded by the committer's lock. */
final class DispatchSpace extends DispatchedSpace {

  /** Opens windows. */
  @FunctionalInterface
  interface Mapper {
    MapResult map(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes);
  }

  private final SpaceDesk desk;
  private final long number;
  private final RcuReference<Generation> generations;
  private final String name;
  private final RegionNode root;
  private final AddressSpaceDispatch dispatch;
  private final Mapper mapper;
  private final List<ListenerEntry> listeners = new ArrayList<>();

  /** What is published; null until the first commit. */
  SpaceView shown;

  /** A transaction closes the space. */
  boolean closing;

  /** Nobody can use the space any more. */
  volatile boolean closed;

  DispatchSpace(
      SpaceDesk desk, RcuReference<Generation> generations, int slot, long number, String name, RegionNode root,
      SharedMaps shared, Mapper mapper) {
    super(generations, slot);
    this.mapper = mapper;
    this.desk = desk;
    this.number = number;
    this.generations = generations;
    this.name = name;
    this.root = root;
    this.dispatch = new AddressSpaceDispatch(shared);
    listeners.add(ListenerEntry.of(dispatch, -1));
  }

  /** Grows in the order of opening. */
  long number() {
    return number;
  }

  RegionNode rootNode() {
    return root;
  }

  AddressSpaceDispatch dispatch() {
    return dispatch;
  }

  /** What is published; the empty view before the first commit. */
  RenderedView shownView() {
    return shown == null ? RenderedView.EMPTY : shown.view();
  }

  /** The listeners in ascending order; a copy. */
  List<ListenerEntry> listeners() {
    return List.copyOf(listeners);
  }

  void add(ListenerEntry entry) {
    int at = Collections.binarySearch(listeners, entry, ListenerEntry.ASCENDING);
    listeners.add(-at - 1, entry);
  }

  boolean remove(ListenerEntry entry) {
    return listeners.remove(entry);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public MemoryRegion root() {
    return root.region();
  }

  @Override
  public FlatView flatView() {
    refuseClosed();
    return generations.dereferenceProtected().view(slot());
  }

  @Override
  public Registration addListener(MemoryListener listener) {
    return desk.listeners().register(this, listener);
  }

  @Override
  public Registration addListener(MemoryListener listener, AddressRange range) {
    return desk.listeners().register(this, new RangeListener(listener, range));
  }

  @Override
  public Explanation explain(long address) {
    return desk.explain(this, address);
  }

  @Override
  public MapResult map(long address, long length, Access access, MemTxAttrs attributes) {
    refuseClosed();
    Objects.requireNonNull(access, "access");
    return mapper.map(this, address, length, access, Objects.requireNonNull(attributes, "attributes"));
  }

  private void refuseClosed() {
    if (closed) {
      throw new IllegalStateException("address space '" + name + "' is closed");
    }
  }

  @Override
  public void close() {
    desk.close(this);
  }

  @Override
  public String toString() {
    return "address space '" + name + "'";
  }
}
