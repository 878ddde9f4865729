package io.flatview.examples.bench.bank;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ThreadConfined;
import java.util.function.LongSupplier;

/** A memory system, and a reader that stays in one section for a run. */
@ThreadConfined
abstract class MapBus implements Bus {

  final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  final DispatchMemory memory = DispatchMemory.create(policy);
  final MemoryRegion.Container system = memory.container("system", Size.kib(64));
  final MemoryRegion.Rom rom = Cartridge.rom(memory);
  final MemoryRegion.Ram ram = Cartridge.ram(memory);
  final MemoryRegion.Mmio device = Cartridge.device(memory);
  final MapReader reader = memory.newReader("cpu");
  AddressSpace space;

  /** A machine of RAM. */
  MapBus() {
    memory.update(tx -> tx.addSubregion(system, 0, ram, -1));
    space = memory.addressSpace("cpu", system);
  }

  /** A part of the ROM. */
  final MemoryRegion.Alias rom(int offset, int size) {
    return memory.alias("rom at " + offset, rom, offset, Size.bytes(size));
  }

  /** Places what a choice of the overlay shows, in a container that begins at a000. */
  final void overlay(Transaction tx, MemoryRegion.Container in, int choice) {
    if (Layout.basic(choice)) {
      tx.addSubregion(in, 0, rom(0, 0x2000));
    }
    if (Layout.kernal(choice)) {
      tx.addSubregion(in, 0x4000, rom(0x2000, 0x2000));
    }
    if (Layout.device(choice)) {
      tx.addSubregion(in, 0x3000, memory.alias("device", device, 0, Size.kib(4)));
    } else if (Layout.characters(choice)) {
      tx.addSubregion(in, 0x3000, rom(0x4000, 0x1000));
    }
  }

  @Override
  public long run(LongSupplier selectionsAndLoads) {
    try (ReadSection _ = reader.enter()) {
      entered();
      return selectionsAndLoads.getAsLong();
    }
  }

  /** A section has begun. */
  void entered() {}

  @Override
  public int load(int address) {
    return (int) reader.load(space, address, 1);
  }

  @Override
  public void close() {
    reader.close();
    memory.close();
    policy.close();
  }
}
