package io.flatview.dispatch.topology;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tree of regions and every change to it.
 *
 * <p>The caller must hold the map's lock around all methods but those that make regions. Each change is checked, then
 * noted in the undo log, then made. The log has the inverse of each change, and the addresses that it may affect, from
 * which {@link Dirt} derives the stale parts of views.
 */
public final class Topology {

  /** The actions that regions leave to their memory system. */
  public interface Owner {
    /**
     * Closes a region, in a transaction of its own or in the caller's.
     *
     * @param node the region
     */
    void close(RegionNode node);

    /**
     * Selects a variant of a bank in a transaction, as listeners want to be called for it.
     *
     * @param bank the bank
     * @param number the number of the variant
     */
    void select(BankNode bank, int number);

    /**
     * Delivers the coalesced stores of a device.
     *
     * @param node the region
     */
    void flush(MmioNode node);

    /**
     * Refuses changes once the memory system is closed.
     *
     * @throws IllegalStateException if it is closed
     */
    void refuseClosed();

    /**
     * Runs work with the map's lock held.
     *
     * @param work the work, which runs in the calling thread
     * @throws IllegalStateException in a device's callback, or once the memory system is closed
     */
    void undisturbed(Runnable work);

    /**
     * Calls notifiers as in a device's callback: with the lock of the turn; transactions that they ask for run when the
     * turn has ended.
     *
     * @param turn the turn of one region's notifiers
     * @param calls the calls, which run in the calling thread
     * @throws IllegalStateException if another thread has the turn and waits, in its callback, for this one; nothing
     *     is called
     */
    void inTurn(DeviceBinding turn, Runnable calls);

    /**
     * The bits of the open dirty clients.
     *
     * @return a mask of their bits
     */
    int openClients();

    /**
     * Refuses a dirty client that cannot log.
     *
     * @param client the client to check
     * @param memory the memory that it is to log, for the message
     * @throws MapException if the client is closed or of another memory system
     */
    void requireOpen(DirtyClient client, RegionNode memory);
  }

  private final Owner owner;
  private final Regions regions;
  private final RegionEdits edits = new RegionEdits(this);
  private final AtomicLong ids = new AtomicLong();
  private final UndoLog undoLog = new UndoLog();
  private final TapTable taps = new TapTable();
  private final GateChanges gates = new GateChanges(this);
  private final Banks banks = new Banks(this);
  private final Releases releases = new Releases();

  /** Receives the aliases that the program has dropped; made for the first alias. */
  private ReferenceQueue<RegionNode.AliasNode> droppedAliases;

  /**
   * An empty topology.
   *
   * @param owner makes the changes that need the memory system
   * @param allocator makes the memory of regions
   */
  public Topology(Owner owner, RamAllocator allocator) {
    this.owner = owner;
    this.regions = new Regions(this, allocator);
  }

  /**
   * The maker of regions.
   *
   * @return makes regions of this topology
   */
  public Regions regions() {
    return regions;
  }

  /**
   * The edits of regions.
   *
   * @return makes edits; needs the lock
   */
  public RegionEdits edits() {
    return edits;
  }

  /**
   * Checks that a region can be watched.
   *
   * @param region the region to watch
   * @param offsets the part of it that is to be watched; may reach beyond its end
   * @return the region
   * @throws IllegalArgumentException if it answers nothing
   * @throws MapException if it is closed or of another memory system, or ends before the part begins
   */
  public MemoryRegion watchable(MemoryRegion region, AddressRange offsets) {
    RegionNode node = open(region);
    if (!node.answers()) {
      throw new IllegalArgumentException(
          "region " + node + " answers no accesses itself; watch what it shows, or its addresses in an address space");
    }
    if (node.size().isEmpty() || Long.compareUnsigned(offsets.first(), node.size().last()) > 0) {
      throw new MapException(MapFault.Id.OUT_OF_REGION, "a tap on offsets " + offsets + " would lie beyond region "
          + node + " of " + node.size() + " bytes, and never be called");
    }
    return region;
  }

  /**
   * The stages that wait for the end of a region.
   *
   * @return a thread-safe object
   */
  public Releases releases() {
    return releases;
  }

  /**
   * The taps, which are no part of the tree.
   *
   * @return a table that needs the lock
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

  /** Receives the aliases that the program has dropped. */
  ReferenceQueue<RegionNode.AliasNode> droppedAliases() {
    if (droppedAliases == null) {
      droppedAliases = new ReferenceQueue<>();
    }
    return droppedAliases;
  }

  /** Takes aliases that the program has dropped out of the lists of their targets. */
  void unlinkDroppedAliases() {
    if (droppedAliases != null) {
      Holders.Link.unlinkDropped(droppedAliases);
    }
  }

  /** Whether a region is open, and nothing places or shows it. */
  boolean isUnheld(RegionNode node) {
    unlinkDroppedAliases();
    RegionState state = node.state;
    return state.parent() == null && !node.hasAliases() && !node.isRoot() && !state.closed();
  }

  /**
   * Gives a region another state, unless it is the same as the present one. All that can fail comes before the change
   * is noted; the rest stores references only.
   */
  void change(RegionNode node, RegionState after) {
    RegionState before = node.state;
    if (!after.isSameAs(before)) {
      Change.OfState change = changed(node, before, after);
      BankNode.Renumbering renumbering = BankNode.of(change);
      undoLog.add(change);
      change.make();
      if (renumbering != null) {
        renumbering.make();
      }
    }
  }

  private static Change.OfState changed(RegionNode node, RegionState before, RegionState after) {
    ParentNode parent = before.parent() == null ? after.parent() : before.parent();
    ChildIndex children = parent == null ? null : parent.children;
    return new Change.OfState(node, before, after, parent, children, reindexed(children, node, before, after));
  }

  private static ChildIndex reindexed(ChildIndex children, RegionNode node, RegionState before, RegionState after) {
    if (children == null) {
      return null;
    }
    if (before.isIndexedAs(after)) {
      return before.enabled() == after.enabled() ? children : children.enabling(node, after);
    }
    if (before.parent() == after.parent() && before.address() == after.address()) {
      return children.replacing(node, before, after);
    }
    ChildIndex without = before.parent() == null ? children : children.without(node, before);
    return after.parent() == null ? without : without.with(node, after);
  }

  /**
   * Changes a property that only one kind of region has. The change and its inverse only store values that are at hand.
   */
  void changeOwn(RegionNode node, Runnable change, Runnable inverse) {
    undoLog.add(new Change.OfKind(node, node.state, inverse));
    change.run();
  }

  /** Notes a change that is about to be made by stores alone. */
  void note(Change change) {
    undoLog.add(change);
  }

  /**
   * The changes of doorbells and coalesced ranges.
   *
   * @return makes such changes; needs the lock
   */
  public GateChanges gates() {
    return gates;
  }

  /**
   * The banks, and whether a selection is a commit or a mere store.
   *
   * @return an object that needs the lock, except for {@link Banks#commitsSelections}
   */
  public Banks banks() {
    return banks;
  }

  /**
   * Checks that a region can be made sparse now.
   *
   * @param node the region
   * @throws MapException if anything shows it
   * @throws IllegalStateException if it is closed, or changes were made that may be undone
   */
  void requireUnheld(RegionNode node) {
    node.requireOpen();
    if (undoLog.size() != 0) {
      throw new IllegalStateException("region " + node + " cannot be made sparse in a transaction that has made"
          + " changes, as it may undo them; do it before the first change");
    }
    List<MapFault> faults = holders(node, "made sparse");
    if (!faults.isEmpty()) {
      throw new MapException(faults, null);
    }
  }

  /**
   * Closes a region that nothing shows; its children lose their parent. Closing twice does nothing.
   *
   * @param node the region
   */
  public void close(RegionNode node) {
    if (node.state.closed()) {
      return;
    }
    List<MapFault> faults = holders(node, "closed");
    if (!faults.isEmpty()) {
      throw new MapException(faults, null);
    }
    if (node instanceof ParentNode parent) {
      parent.childNodes().forEach(edits::takeOut);
    }
    RegionState before = node.state;
    RegionState after = before.closedForGood();
    undoLog.add(new Change.Closing(node, before));
    node.state = after;
    if (node instanceof RegionNode.AliasNode alias) {
      alias.targetNode().holders().remove(alias.link);
    }
  }

  private List<MapFault> holders(RegionNode node, String end) {
    unlinkDroppedAliases();
    List<MapFault> faults = new ArrayList<>();
    RegionState state = node.state;
    if (state.parent() != null) {
      faults.add(inUse(node, end, "it is placed in " + state.parent() + " at " + AddressRange.hex(state.address())));
    }
    node.holders().forEachAlias(alias -> faults.add(inUse(node, end, "alias " + alias + " shows it")));
    if (node.isRoot()) {
      faults.add(inUse(node, end, "it is the root of an open address space"));
    }
    return faults;
  }

  private static MapFault inUse(RegionNode node, String end, String why) {
    return new MapFault(MapFault.Id.STILL_IN_USE, "region " + node + " cannot be " + end + ": " + why);
  }

  /**
   * Counts the address spaces whose root is a region. Allocates nothing if one was counted before.
   *
   * @param root the root of an address space
   * @param opened the number of spaces that were opened; negative if they were closed
   */
  public void countRoot(RegionNode root, int opened) {
    root.countRoot(opened);
  }

  /**
   * The node of a region that may take part in a change.
   *
   * @param region any region
   * @return the node of the region
   * @throws MapException if it is closed or belongs to another memory system
   */
  public RegionNode open(MemoryRegion region) {
    if (!(region instanceof Object o && o instanceof RegionNode node) || node.topology() != this) {
      throw new MapException(MapFault.Id.FOREIGN,
          "region '" + region.name() + "' belongs to another memory system; make it with this one");
    }
    if (node.state.closed()) {
      throw new MapException(MapFault.Id.CLOSED, "region " + node + " is closed; make a new one");
    }
    return node;
  }

  /**
   * Notes the inverse of a change outside the tree that must be undone with the transaction.
   *
   * @param inverse takes the change back, or finds that it was not made; it allocates nothing, and may run twice. The
   *     change is made after this call, so that it cannot fail unnoted
   */
  public void onUndo(Runnable inverse) {
    undoLog.add(new Change.Elsewhere(inverse));
  }

  /**
   * The present end of the undo log.
   *
   * @return a mark for {@link #undoTo} and {@link #keepUpTo}
   */
  public int mark() {
    return undoLog.size();
  }

  /**
   * Undoes all changes since a mark.
   *
   * @param mark the end of the log to return to, from {@link #mark()}
   */
  public void undoTo(int mark) {
    undoLog.undoTo(mark);
  }

  /**
   * Makes changes final.
   *
   * @param mark the end of the changes that become final, from {@link #mark()}
   */
  public void keepUpTo(int mark) {
    undoLog.forgetUpTo(mark);
  }

  /**
   * The dirty windows of the changes that are not final.
   *
   * @param mark the end of the changes to look at
   * @return the dirty windows in the tree as it is now
   */
  public Dirt dirt(int mark) {
    unlinkDroppedAliases();
    return new Dirt(undoLog, mark);
  }

  /**
   * The regions closed by changes that are not final.
   *
   * @param mark the end of the changes to look at
   * @return a copy, in the order of closing
   */
  public List<RegionNode> closing(int mark) {
    List<RegionNode> closing = List.of();
    for (int i = 0; i < mark; i++) {
      if (undoLog.get(i) instanceof Change.Closing closed) {
        closing = Few.with(closing, closed.node());
      }
    }
    return closing;
  }

  /** A change that is not final, by its place. */
  Change change(int index) {
    return undoLog.get(index);
  }

  /**
   * Siblings of equal priority that overlap, among the children of regions whose children changed.
   *
   * @return a fault for each pair
   */
  public List<MapFault> equalPriorityOverlaps() {
    List<MapFault> faults = new ArrayList<>();
    Set<ParentNode> parents = new HashSet<>();
    for (int i = 0; i < undoLog.size(); i++) {
      Change change = undoLog.get(i);
      if (change.node() != null && change.node().state.parent() != null) {
        parents.add(change.node().state.parent());
      }
    }
    parents.forEach(parent -> SiblingOverlaps.find(parent, faults));
    return faults;
  }
}
