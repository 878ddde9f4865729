package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The tree of regions and every change to it.
 *
 * <p>The caller holds one lock around all methods but the factories. Each change is checked first, then made, then
 * noted in the undo log: how to take it back, and the windows in which something may show differently, from which
 * {@link Dirt} tells which parts of which views are stale.
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
  private final RamAllocator allocator;
  private final AtomicLong ids = new AtomicLong();
  private final UndoLog undoLog = new UndoLog();
  private final List<RegionNode> closing = new ArrayList<>();
  private final TapTable taps = new TapTable();
  private final GateChanges gates = new GateChanges(this);
  private final Releases releases = new Releases();
  private final Set<MemoryNode> memories = ConcurrentHashMap.newKeySet();
  private long placings;

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
    this.allocator = allocator;
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

  public MemoryRegion.Container container(String name, Size size) {
    return new ContainerNode(this, name, size);
  }

  public MemoryRegion.Reserved reserved(String name, Size size) {
    return new ReservedNode(this, name, size);
  }

  public MemoryRegion.Mmio mmio(String name, Size size, MmioDevice handler) {
    return new MmioNode(this, name, size, handler);
  }

  public MemoryRegion.Iommu iommu(String name, Size size, IommuTranslator translator) {
    return new IommuNode(this, name, size, translator);
  }

  public MemoryRegion.Ram ram(String name, RamBacking backing) {
    return noted(new MemoryNode.RamNode(this, name, backing.size(), allocator.block(backing)));
  }

  public MemoryRegion.Rom rom(String name, RamBacking backing) {
    if (!backing.size().equals(backing.maximum())) {
      throw new IllegalArgumentException("ROM '" + name + "' cannot be resizable; make RAM and set it read-only");
    }
    return noted(new MemoryNode.RomNode(this, name, backing.size(), allocator.block(backing)));
  }

  public MemoryRegion.RomDevice romDevice(String name, Size size, MmioDevice handler) {
    return noted(new MemoryNode.RomDeviceNode(this, name, size, allocator.block(RamBacking.zeroed(size)), handler));
  }

  private <N extends MemoryNode> N noted(N node) {
    memories.add(node);
    return node;
  }

  /** A memory is closed for good. */
  void forget(MemoryNode node) {
    memories.remove(node);
  }

  /**
   * Memories that nothing holds. Needs the lock.
   *
   * @return those that are open, in the order of their numbers
   */
  public List<MemoryNode> unheld() {
    return memories.stream().filter(this::isUnheld).sorted(Comparator.comparingLong(RegionNode::id)).toList();
  }

  /** Whether a region is open, and nothing places or shows it. */
  boolean isUnheld(RegionNode node) {
    return node.parent == null && node.aliases().isEmpty() && !roots.containsKey(node) && !node.closed;
  }

  /**
   * Makes an alias, which its target knows of from then on. Needs the lock.
   *
   * @param name for people
   * @param target an open region
   * @param targetOffset unsigned
   * @param size of the window
   * @return a new region
   */
  public MemoryRegion.Alias alias(String name, MemoryRegion target, long targetOffset, Size size) {
    RegionNode targetNode = open(target);
    RegionNode.AliasNode alias = new RegionNode.AliasNode(this, name, targetNode, targetOffset, size);
    targetNode.add(alias);
    return alias;
  }

  /**
   * Places a region.
   *
   * @param parent where
   * @param offset unsigned
   * @param child what
   * @param priority among its siblings
   */
  public void add(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority) {
    ParentNode parentNode = (ParentNode) open(parent);
    RegionNode node = open(child);
    if (node.parent != null) {
      throw new MapException(MapFault.Id.ALREADY_PLACED, "region " + node + " is in " + node.parent + " at "
          + AddressRange.hex(node.address) + " already and cannot also be placed in " + parentNode + " at "
          + AddressRange.hex(offset) + "; take it out first, or place an alias of it");
    }
    refuseCycle(parentNode, node);
    long oldAddress = node.address;
    long oldPlaced = node.placed;
    int oldPriority = node.priority;
    change(node, () -> {
      node.parent = parentNode;
      node.address = offset;
      node.priority = priority;
      node.placed = ++placings;
      parentNode.insert(node);
    }, () -> {
      parentNode.remove(node);
      node.parent = null;
      node.address = oldAddress;
      node.priority = oldPriority;
      node.placed = oldPlaced;
    });
  }

  private static void refuseCycle(ParentNode parent, RegionNode child) {
    for (ParentNode ancestor = parent; ancestor != null; ancestor = ancestor.parent) {
      if (ancestor == child) {
        throw new MapException(MapFault.Id.PLACED_IN_ITSELF,
            "region " + child + " cannot be placed in " + parent + ", which it contains");
      }
    }
  }

  /**
   * Takes a region out of its parent.
   *
   * @param child what
   */
  public void remove(MemoryRegion child) {
    takeOut(placed(open(child)));
  }

  private void takeOut(RegionNode node) {
    ParentNode parent = node.parent;
    change(node, () -> {
      parent.remove(node);
      node.parent = null;
    }, () -> {
      node.parent = parent;
      parent.insert(node);
    });
  }

  private static RegionNode placed(RegionNode node) {
    if (node.parent == null) {
      throw new MapException(MapFault.Id.NOT_PLACED, "region " + node + " has no parent to be taken out of");
    }
    return node;
  }

  /**
   * Moves a region, and makes it the latest among its equals.
   *
   * @param region what
   * @param offset unsigned
   */
  public void setAddress(MemoryRegion region, long offset) {
    RegionNode node = open(region);
    long oldOffset = node.address;
    long oldPlaced = node.placed;
    change(node, () -> moveTo(node, offset, ++placings), () -> moveTo(node, oldOffset, oldPlaced));
  }

  private static void moveTo(RegionNode node, long offset, long placed) {
    reindex(node, () -> {
      node.address = offset;
      node.placed = placed;
    });
  }

  /** Changes what the parent's index knows of a region. */
  private static void reindex(RegionNode node, Runnable change) {
    if (node.parent == null) {
      change.run();
    } else {
      node.parent.reindex(node, change);
    }
  }

  /**
   * Gives a region another size.
   *
   * @param region any but memory, unless that can hold it
   * @param size the new size
   */
  public void setSize(MemoryRegion region, Size size) {
    RegionNode node = open(region);
    if (node.ram() != null && !node.size.equals(size)) {
      refuseUnlessResizable(node, size);
    }
    set(node, node.size, size, value -> reindex(node, () -> node.size = value));
  }

  private static void refuseUnlessResizable(RegionNode node, Size size) {
    RamBlock ram = node.ram();
    if (!ram.isResizable()) {
      throw new MapException(MapFault.Id.FIXED_SIZE, "memory " + node + " has " + node.size + " bytes and cannot be"
          + " given " + size + "; make it resizable, or show part of it through an alias, whose size can change");
    }
    if (size.compareTo(ram.maximum()) > 0) {
      throw new MapException(MapFault.Id.FIXED_SIZE, "memory " + node + " can have " + ram.maximum()
          + " bytes at most and cannot be given " + size + "; make it with a larger maximum");
    }
  }

  public void setEnabled(MemoryRegion region, boolean enabled) {
    RegionNode node = open(region);
    set(node, node.enabled, enabled, value -> reindex(node, () -> node.enabled = value));
  }

  public void setReadOnly(MemoryRegion region, boolean readOnly) {
    RegionNode node = open(region);
    if (node instanceof MemoryNode memory && memory.ram().isReadOnly() && !readOnly) {
      throw new MapException(MapFault.Id.ALWAYS_READ_ONLY, "the backing of " + node + " is read-only; map the file as"
          + " private to write to it");
    }
    if (node instanceof MemoryNode.RomNode && !readOnly) {
      throw new MapException(MapFault.Id.ALWAYS_READ_ONLY, "ROM " + node + " cannot be made writable; make RAM and set"
          + " it read-only while it should be");
    }
    set(node, node.readOnly, readOnly, value -> node.readOnly = value);
  }

  public void setNonVolatile(MemoryRegion region, boolean nonVolatile) {
    RegionNode node = open(region);
    set(node, node.nonVolatile, nonVolatile, value -> node.nonVolatile = value);
  }

  public void setUnmergeable(MemoryRegion region, boolean unmergeable) {
    RegionNode node = open(region);
    set(node, node.unmergeable, unmergeable, value -> node.unmergeable = value);
  }

  public void setDirtyLogMask(MemoryRegion region, int mask) {
    RegionNode node = open(region);
    if (node.ram() != null) {
      node.ram().dirty().enable(mask);
    }
    set(node, node.dirtyLogMask, mask, value -> node.dirtyLogMask = value);
  }

  public void setAliasOffset(MemoryRegion.Alias region, long targetOffset) {
    RegionNode.AliasNode alias = (RegionNode.AliasNode) open(region);
    set(alias, alias.targetOffset, targetOffset, value -> alias.targetOffset = value);
  }

  public void setRomdMode(MemoryRegion.RomDevice region, boolean romdMode) {
    MemoryNode.RomDeviceNode device = (MemoryNode.RomDeviceNode) open(region);
    set(device, device.romdMode, romdMode, value -> device.romdMode = value);
  }

  private <T> void set(RegionNode node, T before, T after, Consumer<T> field) {
    if (!before.equals(after)) {
      change(node, () -> field.accept(after), () -> field.accept(before));
    }
  }

  /** Makes a change, and notes what the region covered before and covers after it. */
  private void change(RegionNode node, Runnable change, Runnable inverse) {
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
      List.copyOf(parent.childNodes()).forEach(this::takeOut);
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
