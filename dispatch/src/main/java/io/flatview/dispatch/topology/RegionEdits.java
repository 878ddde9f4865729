package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.function.Consumer;

/**
 * The changes that a transaction makes to regions: places and properties. Each refuses what is wrong before anything
 * has changed, and notes the rest with the topology. Guarded by its lock.
 */
public final class RegionEdits {

  private final Topology topology;
  private long placings;

  RegionEdits(Topology topology) {
    this.topology = topology;
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
    ParentNode parentNode = (ParentNode) topology.open(parent);
    RegionNode node = topology.open(child);
    if (node.parent != null) {
      throw new MapException(MapFault.Id.ALREADY_PLACED, "region " + node + " is in " + node.parent + " at "
          + AddressRange.hex(node.address) + " already and cannot also be placed in " + parentNode + " at "
          + AddressRange.hex(offset) + "; take it out first, or place an alias of it");
    }
    refuseCycle(parentNode, node);
    long oldAddress = node.address;
    long oldPlaced = node.placed;
    int oldPriority = node.priority;
    topology.change(node, () -> {
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
    takeOut(placed(topology.open(child)));
  }

  void takeOut(RegionNode node) {
    ParentNode parent = node.parent;
    topology.change(node, () -> {
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
    RegionNode node = topology.open(region);
    long oldOffset = node.address;
    long oldPlaced = node.placed;
    topology.change(node, () -> moveTo(node, offset, ++placings), () -> moveTo(node, oldOffset, oldPlaced));
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
    RegionNode node = topology.open(region);
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
    RegionNode node = topology.open(region);
    set(node, node.enabled, enabled, value -> reindex(node, () -> node.enabled = value));
  }

  public void setReadOnly(MemoryRegion region, boolean readOnly) {
    RegionNode node = topology.open(region);
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
    RegionNode node = topology.open(region);
    set(node, node.nonVolatile, nonVolatile, value -> node.nonVolatile = value);
  }

  public void setUnmergeable(MemoryRegion region, boolean unmergeable) {
    RegionNode node = topology.open(region);
    set(node, node.unmergeable, unmergeable, value -> node.unmergeable = value);
  }

  public void setDirtyLogMask(MemoryRegion region, int mask) {
    RegionNode node = topology.open(region);
    if (node.ram() != null) {
      node.ram().dirty().enable(mask);
    }
    set(node, node.dirtyLogMask, mask, value -> node.dirtyLogMask = value);
  }

  public void setAliasOffset(MemoryRegion.Alias region, long targetOffset) {
    RegionNode.AliasNode alias = (RegionNode.AliasNode) topology.open(region);
    set(alias, alias.targetOffset, targetOffset, value -> alias.targetOffset = value);
  }

  public void setRomdMode(MemoryRegion.RomDevice region, boolean romdMode) {
    MemoryNode.RomDeviceNode device = (MemoryNode.RomDeviceNode) topology.open(region);
    set(device, device.romdMode, romdMode, value -> device.romdMode = value);
  }

  private <T> void set(RegionNode node, T before, T after, Consumer<T> field) {
    if (!before.equals(after)) {
      topology.change(node, () -> field.accept(after), () -> field.accept(before));
    }
  }
}
