package io.flatview.examples.bench.bus;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ThreadConfined;

/** A memory system; each access has a section of its own. */
@ThreadConfined
final class MapBus implements Bus {

  final MapReader reader;
  private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  private final MemorySystem memory = DispatchMemory.create(policy);
  private final AddressSpace space;

  MapBus(int devices) {
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    space = memory.addressSpace("memory", system);
    memory.update(tx -> {
      tx.addSubregion(system, Board.RAM, memory.ram("ram", Size.bytes(Board.RAM_BYTES)));
      for (int i = 0; i < devices; i++) {
        tx.addSubregion(system, Board.device(i), memory.mmio("device" + i, Size.bytes(Board.PAGE), new Device(i)));
      }
    });
    reader = memory.newReader("hart");
  }

  @Override
  public long load(long address, int size) {
    return reader.load(space, address, size);
  }

  @Override
  public void store(long address, int size, long value) {
    reader.store(space, address, size, value);
  }

  @Override
  public void close() {
    reader.close();
    memory.close();
    policy.close();
  }
}
