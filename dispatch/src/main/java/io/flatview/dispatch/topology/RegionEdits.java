package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.List;
import java.util.Locale;

/**
 * Makes the edits of transactions. An edit either is refused before anything has changed, or is noted in the topology's
 * undo log and then made. Guarded by the map's lock.
 */
public final class RegionEdits {

  private final Topology topology;
  private long placings;

  RegionEdits(Topology topology) {
    this.topology = topology;
  }

  RegionNode open(MemoryRegion region) {
    return topology.open(region);
  }

  GateChanges gates() {
    return topology.gates();
  }

  MmioNode device(MemoryRegion.Mmio device) {
    return (MmioNode) open(device);
  }

  ParentNode container(MemoryRegion.Parent region) {
    RegionNode parent = open(region);
    if (parent instanceof BankNode bank) {
      throw new MapException(MapFault.Id.BANK_VARIANT, "bank " + bank + " takes variants and no other children; use"
          + " setVariant, and place several regions in a container that is the variant");
    }
    return (ParentNode) parent;
  }

  void addDisjoint(ParentNode parent, long offset, RegionNode node) {
    if (node.state.parent() == null) {
      List<MapFault> faults = SiblingOverlaps.with(parent, node, node.state.in(parent, offset, 0, 0));
      if (!faults.isEmpty()) {
        throw new MapException(faults, null);
      }
    }
    add(parent, offset, node, 0);
  }

  void setVariant(BankNode bank, int number, RegionNode variant) {
    if (number < 0 || number >= bank.variants()) {
      throw new MapException(MapFault.Id.BANK_VARIANT, "region " + variant + " cannot be variant " + number
          + " of bank " + bank + ", which has 0 to " + (bank.variants() - 1));
    }
    RegionNode present = bank.variantNode(number);
    if (present != null) {
      throw new MapException(MapFault.Id.BANK_VARIANT, "region " + variant + " cannot be variant " + number
          + " of bank " + bank + ": that is " + present + "; take it out first");
    }
    add(bank, 0, variant, number);
  }

  /**
   * Marks the bank dirty even if it has this number already: another thread's store may have come too late for the last
   * rendering.
   */
  void select(BankNode bank, int number) {
    int before = bank.selected();
    topology.changeOwn(bank, () -> bank.store(number), () -> bank.store(before));
  }

  void add(ParentNode parent, long offset, RegionNode node, int priority) {
    RegionState state = node.state;
    if (state.parent() != null) {
      throw new MapException(MapFault.Id.ALREADY_PLACED, "region " + node + " is in " + state.parent() + " at "
          + AddressRange.hex(state.address()) + " already and cannot also be placed in " + parent + " at "
          + AddressRange.hex(offset) + "; take it out first, or place an alias of it");
    }
    refuseCycle(parent, node);
    topology.change(node, state.in(parent, offset, priority, ++placings));
  }

  private static void refuseCycle(ParentNode parent, RegionNode child) {
    for (ParentNode ancestor = parent; ancestor != null; ancestor = ancestor.state.parent()) {
      if (ancestor == child) {
        throw new MapException(MapFault.Id.PLACED_IN_ITSELF,
            "region " + child + " cannot be placed in " + parent + ", which it contains");
      }
    }
  }

  void takeOut(RegionNode node) {
    topology.change(node, node.state.withoutParent());
  }

  RegionNode placed(MemoryRegion region) {
    RegionNode node = open(region);
    if (node.state.parent() == null) {
      throw new MapException(MapFault.Id.NOT_PLACED, "region " + node + " has no parent to be taken out of");
    }
    return node;
  }

  RegionNode placedIn(MemoryRegion.Parent region, MemoryRegion child) {
    RegionNode parent = open(region);
    RegionNode node = placed(child);
    RegionState state = node.state;
    if (state.parent() != parent) {
      throw new MapException(MapFault.Id.WRONG_PARENT, "region " + node + " at " + AddressRange.hex(state.address())
          + " cannot be taken out of " + parent + ": it is in " + state.parent());
    }
    return node;
  }

  void setAddress(RegionNode node, long offset) {
    topology.change(node, node.state.at(offset, ++placings));
  }

  void setSize(RegionNode node, Size size) {
    if (node.ram() != null && !node.size().equals(size)) {
      refuseUnlessResizable(node, size);
    }
    topology.change(node, node.state.withSize(size));
  }

  private static void refuseUnlessResizable(RegionNode node, Size size) {
    RamBlock ram = node.ram();
    if (!ram.isResizable()) {
      throw new MapException(MapFault.Id.FIXED_SIZE, "memory " + node + " has " + node.size() + " bytes and cannot be"
          + " given " + size + "; make it resizable, or show part of it through an alias, whose size can change");
    }
    if (size.compareTo(ram.maximum()) > 0) {
      throw new MapException(MapFault.Id.FIXED_SIZE, "memory " + node + " can have " + ram.maximum()
          + " bytes at most and cannot be given " + size + "; make it with a larger maximum");
    }
  }

  void setEnabled(RegionNode node, boolean enabled) {
    topology.change(node, node.state.withEnabled(enabled));
  }

  void setReadOnly(RegionNode node, boolean readOnly) {
    if (node instanceof MemoryNode memory && memory.ram().isReadOnly() && !readOnly) {
      throw new MapException(MapFault.Id.ALWAYS_READ_ONLY, "the backing of " + node + " is read-only; map the file as"
          + " private to write to it");
    }
    if (node instanceof MemoryNode.RomNode && !readOnly) {
      throw new MapException(MapFault.Id.ALWAYS_READ_ONLY, "ROM " + node + " cannot be made writable; make RAM and set"
          + " it read-only while it should be");
    }
    setFlags(node, node.state.flags().withReadOnly(readOnly));
  }

  void setNoFetch(RegionNode node, boolean noFetch) {
    setFlags(node, node.state.flags().withNoFetch(noFetch));
  }

  void setNonVolatile(RegionNode node, boolean nonVolatile) {
    setFlags(node, node.state.flags().withNonVolatile(nonVolatile));
  }

  void setUnmergeable(RegionNode node, boolean unmergeable) {
    setFlags(node, node.state.flags().withUnmergeable(unmergeable));
  }

  /**
   * Sets the mask. Bits of closed clients may stay set if they are set already, so that bits can be cleared one at a
   * time.
   */
  void setDirtyLogMask(MemoryNode node, int mask) {
    int unknown = mask & ~node.dirtyLogMask() & ~topology.owner().openClients();
    if (unknown != 0) {
      throw new MapException(MapFault.Id.DIRTY_CLIENT, "mask " + hex(mask) + " of memory " + node + " names bits "
          + hex(unknown) + " that no open dirty client has; open one, and use startLog");
    }
    setMask(node, mask);
  }

  void startLog(MemoryNode node, DirtyClient client) {
    topology.owner().requireOpen(client, node);
    setMask(node, node.dirtyLogMask() | client.mask());
  }

  void stopLog(MemoryNode node, DirtyClient client) {
    topology.owner().requireOpen(client, node);
    setMask(node, node.dirtyLogMask() & ~client.mask());
  }

  private void setMask(MemoryNode node, int mask) {
    node.ram().dirty().enable(mask);
    setFlags(node, node.state.flags().withDirtyLogMask(mask));
  }

  private void setFlags(RegionNode node, RegionFlags flags) {
    topology.change(node, node.state.withFlags(flags));
  }

  private static String hex(int mask) {
    return "0x" + Integer.toHexString(mask).toLowerCase(Locale.ROOT);
  }

  void setAliasOffset(RegionNode.AliasNode alias, long targetOffset) {
    long before = alias.targetOffset;
    if (before != targetOffset) {
      topology.changeOwn(alias, () -> alias.targetOffset = targetOffset, () -> alias.targetOffset = before);
    }
  }

  void setRomdMode(MemoryNode.RomDeviceNode device, boolean romdMode) {
    boolean before = device.romdMode;
    if (before != romdMode) {
      topology.changeOwn(device, () -> device.romdMode = romdMode, () -> device.romdMode = before);
    }
  }
}
