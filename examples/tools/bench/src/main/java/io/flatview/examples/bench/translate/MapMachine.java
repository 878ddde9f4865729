package io.flatview.examples.bench.translate;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.bench.map.FlatRange;
import io.flatview.examples.bench.map.Topology;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.HashMap;
import java.util.Map;

/** A memory system that shows a map. Ranges of RAM that carry one name are windows on one block. */
final class MapMachine implements AutoCloseable {

  private static final MmioHandler TRIVIAL = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return offset;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  private static final long TOGGLED = 0xfed6_0000L;
  private static final long TOGGLED_BYTES = 0x1000;

  final MemorySystem memory;
  final AddressSpace space;
  private final ReclaimPolicy policy;
  private final MemoryRegion toggled;

  MapMachine(Topology topology, String flavour) {
    policy = ReclaimPolicies.discover(flavour);
    memory = DispatchMemory.create(policy);
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    memory.update(tx -> new Placing(topology, system, tx).all());
    toggled = memory.mmio("bench-bar", Size.bytes(TOGGLED_BYTES), TRIVIAL);
    space = memory.addressSpace("memory", system);
    memory.update(tx -> tx.addSubregion(system, TOGGLED, toggled, 1).setEnabled(toggled, false));
  }

  /** Commits: a small region comes, or goes. */
  void toggle() {
    memory.update(tx -> tx.setEnabled(toggled, !toggled.isEnabled()));
  }

  @Override
  public void close() {
    memory.close();
    policy.close();
  }

  /** Places the ranges of a map. */
  private final class Placing {

    private final Map<String, MemoryRegion> blocks = new HashMap<>();
    private final Topology topology;
    private final MemoryRegion.Parent system;
    private final Transaction transaction;

    Placing(Topology topology, MemoryRegion.Parent system, Transaction transaction) {
      this.topology = topology;
      this.system = system;
      this.transaction = transaction;
    }

    void all() {
      topology.ranges().forEach(range -> transaction.addSubregion(system, range.first(), region(range)));
    }

    private MemoryRegion region(FlatRange range) {
      Size size = Size.bytes(range.last() - range.first() + 1);
      if (!range.ram()) {
        return memory.mmio(range.name(), size, TRIVIAL);
      }
      MemoryRegion block = blocks.computeIfAbsent(range.name(), name -> memory.ram(name, Size.bytes(bytes(name))));
      // Each window has an edge of its own, as read-only windows have in the machine that was dumped.
      MemoryRegion window = memory.alias(range.name() + "-window", block, range.offset(), size);
      transaction.setUnmergeable(window, true);
      return window;
    }

    private long bytes(String name) {
      return topology.ranges().stream().filter(range -> range.name().equals(name))
          .mapToLong(range -> range.offset() + range.last() - range.first() + 1).max().orElseThrow();
    }
  }
}
