package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.SpaceView;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
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

/** An open address space. All but the name, the root and the flags is guarded by the map's lock. */
public final class DispatchSpace extends DispatchedSpace {

  /** What an address space leaves to its memory system. */
  interface Owner {

    void close(DispatchSpace space);

    Registration register(DispatchSpace space, MemoryListener listener, AddressRange range);

    Explanation explain(DispatchSpace space, long address);
  }

  /** Opens windows. */
  @FunctionalInterface
  public interface Mapper {
    /**
     * Opens a window.
     *
     * @param space on which address space
     * @param address where, unsigned
     * @param length how many bytes
     * @param access what it is for
     * @param attributes what the initiator says of itself
     * @return the window, or why there is none
     */
    MapResult map(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes);
  }

  private final Owner owner;
  private final Slots slots;
  private final Slots.Slot slot;
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

  /** The space is of no more use. */
  volatile boolean closed;

  /** Whether the root counts this space. */
  boolean rootCounted;

  DispatchSpace(
      Owner owner, RcuReference<Generation> generations, Slots slots, long number, String name,
      AddressSpaceOptions options, RegionNode root, SharedMaps shared, Mapper mapper) {
    this(owner, generations, slots, slots.take(), number, name, options, root, shared, mapper);
  }

  private DispatchSpace(
      Owner owner, RcuReference<Generation> generations, Slots slots, Slots.Slot slot, long number, String name,
      AddressSpaceOptions options, RegionNode root, SharedMaps shared, Mapper mapper) {
    super(generations, slot.number, options);
    this.slots = slots;
    this.slot = slot;
    this.mapper = mapper;
    this.owner = owner;
    this.number = number;
    this.generations = generations;
    this.name = name;
    this.root = root;
    this.dispatch = new AddressSpaceDispatch(shared);
    listeners.add(ListenerEntry.of(dispatch, AddressRange.ALL, -1));
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

  /** Leaves the slot to another space; no reader can see this one. Allocates nothing. */
  void vacateSlot() {
    vacate();
    slots.giveBack(slot);
  }

  /** The listeners in ascending order; a copy. */
  List<ListenerEntry> listeners() {
    return List.copyOf(listeners);
  }

  void add(ListenerEntry entry) {
    int at = Collections.binarySearch(listeners, entry, ListenerEntry.ASCENDING);
    listeners.add(-at - 1, entry);
  }

  /** Whether a listener wants to know of doorbells. Allocates nothing. */
  boolean asksForDoorbells() {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).doorbells()) {
        return true;
      }
    }
    return false;
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
    return owner.register(this, listener, AddressRange.ALL);
  }

  @Override
  public Registration addListener(MemoryListener listener, AddressRange range) {
    return owner.register(this, listener, range);
  }

  @Override
  public Explanation explain(long address) {
    return owner.explain(this, address);
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
    owner.close(this);
  }

  @Override
  public String toString() {
    return "address space '" + name + "'";
  }
}
