package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderedView;
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
import java.util.Set;

/** An address space. The map's lock guards all fields but the name, the root and the flags. */
public final class DispatchSpace extends DispatchedSpace implements Comparable<DispatchSpace> {

  /** The operations of an address space that its memory system implements. */
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
     * @param space the address space
     * @param address the first address, unsigned
     * @param length the number of bytes
     * @param access the accesses that it is for
     * @param attributes the attributes of the initiator
     * @return the window, or the reason why there is none
     */
    MapResult map(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes);
  }

  private static final int USUAL = 2;

  private final Owner owner;
  private final long number;
  private final RcuReference<Generation> generations;
  private final String name;
  private final RegionNode rootNode;
  private final Mapper mapper;
  private List<ListenerEntry> listeners = List.of();

  /** The view root that the space shows; null until the first commit, and after the close. */
  private ShownRoot shownRoot;

  /** The regions on which the view root depends. */
  private Set<RegionNode> path = Set.of();

  /** Whether an open transaction closes the space. */
  boolean closing;

  /** Whether the space was closed. */
  volatile boolean closed;

  /** Whether this space is counted in its root region. */
  boolean rootCounted;

  DispatchSpace(
      Owner owner, RcuReference<Generation> generations, long number, String name, AddressSpaceOptions options,
      RegionNode rootNode, Mapper mapper) {
    super(generations, options);
    this.mapper = mapper;
    this.owner = owner;
    this.number = number;
    this.generations = generations;
    this.name = name;
    this.rootNode = rootNode;
  }

  /** The order of opening. */
  @Override
  public int compareTo(DispatchSpace other) {
    return Long.compare(number, other.number);
  }

  RegionNode rootNode() {
    return rootNode;
  }

  /** The root that the space shows; null until the first commit, and once it is closed. */
  ShownRoot shownRoot() {
    return shownRoot;
  }

  /** The regions on which the view root depends. */
  Set<RegionNode> path() {
    return path;
  }

  /** Sets the view root that the space shows; null closes the space. Allocates nothing. */
  void show(ShownRoot next, Set<RegionNode> nextPath) {
    shownRoot = next;
    path = nextPath;
    closed = next == null;
  }

  /** The published view; empty before the first commit. */
  RenderedView shownView() {
    return shownRoot == null ? RenderedView.EMPTY : shownRoot.view();
  }

  /** Whether there are listeners. */
  boolean isHeard() {
    return !listeners.isEmpty();
  }

  /** The listeners in ascending order; a copy. */
  List<ListenerEntry> listeners() {
    return List.copyOf(listeners);
  }

  void add(ListenerEntry entry) {
    if (listeners.isEmpty()) {
      listeners = new ArrayList<>(USUAL);
    }
    int at = Collections.binarySearch(listeners, entry);
    listeners.add(-at - 1, entry);
  }

  /** Whether a listener wants doorbells. Allocates nothing. */
  boolean asksForDoorbells() {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).doorbells()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a listener wants to be called for selections of banks. Allocates nothing. */
  boolean asksForSelections() {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).selections()) {
        return true;
      }
    }
    return false;
  }

  /** Allocates nothing. */
  void remove(ListenerEntry entry) {
    if (!listeners.isEmpty()) {
      listeners.remove(entry);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public MemoryRegion root() {
    return rootNode.region();
  }

  @Override
  public FlatView flatView() {
    refuseClosed();
    return view(generations::dereferenceProtected);
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
