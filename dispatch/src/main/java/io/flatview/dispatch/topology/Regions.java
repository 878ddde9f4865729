package io.flatview.dispatch.topology;

import io.flatview.dispatch.few.SharedSet;
import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Makes regions, which have no parent yet. Thread-safe, except for methods that need the map's lock. */
public final class Regions {

  private final Topology topology;
  private final RamAllocator allocator;

  /** The memory regions that are not closed for good. */
  private final SharedSet<MemoryNode> memories = new SharedSet<>();

  Regions(Topology topology, RamAllocator allocator) {
    this.topology = topology;
    this.allocator = allocator;
  }

  public MemoryRegion.Container container(String name, Size size) {
    return new ContainerNode(topology, name, size);
  }

  public MemoryRegion.Reserved reserved(String name, Size size) {
    return new ReservedNode(topology, name, size);
  }

  public MemoryRegion.Bank bank(String name, Size size, int variants) {
    BankNode bank = new BankNode(topology, name, size, variants);
    topology.banks().add(bank);
    return bank;
  }

  public MemoryRegion.Mmio mmio(String name, Size size, MmioDevice handler) {
    return new MmioNode(topology, name, size, handler);
  }

  public MemoryRegion.Iommu iommu(String name, Size size, IommuTranslator translator) {
    return new IommuNode(topology, name, size, translator);
  }

  public MemoryRegion.Ram ram(String name, RamBacking backing) {
    return on(block -> new MemoryNode.RamNode(topology, name, backing.size(), block), name, backing);
  }

  public MemoryRegion.Rom rom(String name, RamBacking backing) {
    if (!backing.size().equals(backing.maximum())) {
      throw new IllegalArgumentException("ROM '" + name + "' cannot be resizable; make RAM and set it read-only");
    }
    return on(block -> new MemoryNode.RomNode(topology, name, backing.size(), block), name, backing);
  }

  public MemoryRegion.RomDevice romDevice(String name, Size size, MmioDevice handler) {
    return on(block -> new MemoryNode.RomDeviceNode(topology, name, size, block, handler),
        name, RamBacking.zeroed(size));
  }

  /**
   * Makes an alias, and links it to its target. Needs the lock.
   *
   * @param name a name for people
   * @param target an open region
   * @param targetOffset the offset of the target that shows at offset 0 of the alias, unsigned
   * @param size the size of the alias
   * @return a new region
   */
  public MemoryRegion.Alias alias(String name, MemoryRegion target, long targetOffset, Size size) {
    topology.unlinkDroppedAliases();
    RegionNode targetNode = topology.open(target);
    RegionNode.AliasNode alias = new RegionNode.AliasNode(topology, name, targetNode, targetOffset, size);
    targetNode.addAlias(alias);
    return alias;
  }

  /**
   * Makes a region on a new memory block. The block is closed if that fails, such as if the device's rules() throws.
   */
  private <N extends MemoryNode> N on(Function<RamBlock, N> make, String name, RamBacking backing) {
    RamBlock block = allocator.block(name, backing);
    try {
      N node = make.apply(block);
      memories.add(node);
      return node;
    } catch (Throwable thrown) {
      block.close();
      throw thrown;
    }
  }

  /** Called when a memory region is closed for good. */
  void forget(MemoryNode node) {
    memories.remove(node);
  }

  /**
   * The discard listeners of open memory that are registered.
   *
   * @return a text for each
   */
  public List<String> discardListeners() {
    List<String> listeners = new ArrayList<>();
    for (MemoryNode node : inOrder(memories.toList())) {
      if (node instanceof MemoryNode.RamNode ram) {
        listeners.addAll(ram.discardListeners());
      }
    }
    return listeners;
  }

  /**
   * Memory regions that have no parent and that no alias or address space shows. Needs the lock.
   *
   * @return open memories, in the order of their numbers
   */
  public List<MemoryNode> unheld() {
    List<MemoryNode> unheld = new ArrayList<>();
    for (MemoryNode node : memories.toList()) {
      if (topology.isUnheld(node)) {
        unheld.add(node);
      }
    }
    return inOrder(unheld);
  }

  private static List<MemoryNode> inOrder(Collection<MemoryNode> nodes) {
    List<MemoryNode> ordered = new ArrayList<>(nodes);
    if (ordered.size() > 1) {
      ordered.sort(Comparator.comparingLong(RegionNode::id));
    }
    return ordered;
  }
}
