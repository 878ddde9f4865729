package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The tree of regions and every change to it.
 *
 * <p>The caller holds one lock around all methods, but those that make regions. Each change is checked first, then
 * made, then noted in the undo log: how to take it back, and the windows in which something may show differently, from
 * which {@link Dirt} tells which parts of which views are stale.
 */
public final class Topology {

  /** What regions leave to their memory system. */
  public interface Owner {
    /**
     * Closes a region, in a transaction of its own or in the caller's.
     *
     * @param node which
     */
    void close(RegionNode node);

    /**
     * Hands a device what waits for it.
     *
     * @param node which
     */
    void flush(MmioNode node);
  }

  private final Owner owner;
  private final Regions regions;
  private final RegionEdits edits = new RegionEdits(this);
  private final AtomicLong ids = new AtomicLong();
  private final UndoLog undoLog = new UndoLog();
  private final List<RegionNode> closing = new ArrayList<>();
  private final TapTable taps = new TapTable();
  private final GateChanges gates = new GateChanges(this);
  private final Releases releases = new Releases();

  /** How often a node is the root of an open address space. */
  private final IdentityHashMap<RegionNode, Integer> roots = new IdentityHashMap<>();

  /**
   * An empty topology.
   *
   * @param owner does what regions cannot do alone
   * @param allocator where memory comes from
   */
  public Topology(Owner owner, RamAllocator allocator) {
    this.owner = owner;
    this.regions = new Regions(this, allocator);
  }

  /**
   * Makes regions.
   *
   * @return those of this topology
   */
  public Regions regions() {
    return regions;
  }

  /**
   * Changes regions.
   *
   * @return needs the lock
   */
  public RegionEdits edits() {
    return edits;
  }

  /**
   * Checks that a region can be watched.
   *
   * @param region any
   * @return the region
   * @throws IllegalArgumentException if it answers nothing
   * @throws MapException if it is closed or of another memory system
   */
  public MemoryRegion answering(MemoryRegion region) {
    RegionNode node = open(region);
    if (!node.answers()) {
      throw new IllegalArgumentException(
          "region " + node + " answers no accesses itself; watch what it shows, or its addresses in an address space");
    }
    return region;
  }

  /**
   * Who waits for a region's end.
   *
   * @return thread-safe
   */
  public Releases releases() {
    return releases;
  }

  /**
   * The taps, which are no part of the tree.
   *
   * @return needs the lock
   */
  public TapTable taps() {
    return taps;
  }

  Owner owner() {
    return owner;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /** Whether a region is open, and nothing places or shows it. */
  boolean isUnheld(RegionNode node) {
    return node.parent == null && node.aliases().isEmpty() && !roots.containsKey(node) && !node.closed;
  }

  /** Makes a change, and notes what the region covered before and covers after it. */
  void change(RegionNode node, Runnable change, Runnable inverse) {
    ParentNode parent = node.parent;
    List<DirtyWindow> dirty = new ArrayList<>(covered(node));
    change.run();
    dirty.addAll(covered(node));
    undoLog.add(new Change(inverse, node, parent == null ? node.parent : parent, dirty));
  }

  /**
   * The windows that a region covers in itself and in its parent. The second one is needed where the region moves later
   * in the same transaction.
   */
  private static List<DirtyWindow> covered(RegionNode node) {
    if (!node.enabled || node.size.isEmpty()) {
      return List.of();
    }
    DirtyWindow own = new DirtyWindow(node, 0, node.size.last());
    return node.parent == null
        ? List.of(own)
        : List.of(own, new DirtyWindow(node.parent, node.address, node.lastInParent()));
  }

  /**
   * Changes to what stands before devices.
   *
   * @return those of this topology
   */
  public GateChanges gates() {
    return gates;
  }

  /**
   * Closes a region that nothing shows; its children lose their parent. Closing twice does nothing.
   *
   * @param node which
   */
  public void close(RegionNode node) {
    if (node.closed) {
      return;
    }
    List<MapFault> faults = holders(node);
    if (!faults.isEmpty()) {
      throw new MapException(faults, null);
    }
    if (node instanceof ParentNode parent) {
      List.copyOf(parent.childNodes()).forEach(edits::takeOut);
    }
    node.closed = true;
    closing.add(node);
    if (node instanceof RegionNode.AliasNode alias) {
      alias.targetNode().remove(alias);
    }
    undoLog.add(new Change(() -> reopen(node), node, null, List.of()));
  }

  private void reopen(RegionNode node) {
    node.closed = false;
    closing.remove(node);
    if (node instanceof RegionNode.AliasNode alias) {
      alias.targetNode().add(alias);
    }
  }

  private List<MapFault> holders(RegionNode node) {
    List<MapFault> faults = new ArrayList<>();
    if (node.parent != null) {
      faults.add(inUse(node, "it is placed in " + node.parent + " at " + AddressRange.hex(node.address)));
    }
    node.aliases().forEach(alias -> faults.add(inUse(node, "alias " + alias + " shows it")));
    if (roots.containsKey(node)) {
      faults.add(inUse(node, "it is the root of an open address space"));
    }
    return faults;
  }

  private static MapFault inUse(RegionNode node, String why) {
    return new MapFault(MapFault.Id.STILL_IN_USE, "region " + node + " cannot be closed: " + why);
  }

  /**
   * Notes that an address space shows a region, or shows it no more.
   *
   * @param root the region
   * @param opened how many address spaces more
   */
  public void countRoot(RegionNode root, int opened) {
    roots.merge(root, opened, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
  }

  /**
   * The node of a region that may take part in a change.
   *
   * @param region any region
   * @return its node
   * @throws MapException if it is closed or belongs to another memory system
   */
  public RegionNode open(MemoryRegion region) {
    if (!(region instanceof Object o && o instanceof RegionNode node) || node.topology() != this) {
      throw new MapException(MapFault.Id.FOREIGN,
          "region '" + region.name() + "' belongs to another memory system; make it with this one");
    }
    if (node.closed) {
      throw new MapException(MapFault.Id.CLOSED, "region " + node + " is closed; make a new one");
    }
    return node;
  }

  /**
   * Notes a change that is made elsewhere but shares the fate of the transaction.
   *
   * @param inverse takes it back
   */
  public void onUndo(Runnable inverse) {
    undoLog.add(Change.elsewhere(inverse));
  }

  /**
   * How many changes can be taken back.
   *
   * @return a mark for {@link #undoTo} and {@link #keepUpTo}
   */
  public int mark() {
    return undoLog.size();
  }

  /**
   * Takes back all changes since a mark.
   *
   * @param mark from {@link #mark()}
   */
  public void undoTo(int mark) {
    undoLog.undoTo(mark);
  }

  /**
   * Makes changes final.
   *
   * @param mark those before it
   */
  public void keepUpTo(int mark) {
    undoLog.forgetUpTo(mark);
  }

  /**
   * What changes make stale that are not final.
   *
   * @param mark those before it
   * @param watched the regions that anybody is going to ask about
   * @return what they make stale in the tree as it is now
   */
  public Dirt dirt(int mark, Predicate<RegionNode> watched) {
    return new Dirt(undoLog.upTo(mark), watched);
  }

  /**
   * Takes the regions closed by the transaction that is being committed.
   *
   * @return a copy
   */
  public List<RegionNode> takeClosing() {
    List<RegionNode> taken = List.copyOf(closing);
    closing.clear();
    return taken;
  }

  /**
   * Siblings of equal priority that overlap, among the children of regions whose children changed.
   *
   * @return a fault for each pair
   */
  public List<MapFault> equalPriorityOverlaps() {
    List<MapFault> faults = new ArrayList<>();
    Set<ParentNode> parents = new HashSet<>();
    for (Change change : undoLog.upTo(undoLog.size())) {
      if (change.node() != null && change.node().parent != null) {
        parents.add(change.node().parent);
      }
    }
    parents.forEach(parent -> SiblingOverlaps.find(parent, faults));
    return faults;
  }
}
