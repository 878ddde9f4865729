package io.flatview.examples.cli.demo;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.List;

/** A machine with memory at two places, a ROM, some devices, and a second address space that shows the first. */
final class SmallMachine {

  static final long HIGH = 0x10_0000_0000L;
  static final long DEVICES = 0x4000_0000L;
  static final long DEVICE_STRIDE = 0x1_0000;

  private SmallMachine() {}

  static List<AddressSpace> build(MemorySystem memory) {
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    MemoryRegion.Ram ram = memory.ram("ram", Size.mib(4));
    memory.update(changes -> {
      changes.addSubregion(system, 0, memory.alias("low", ram, 0, Size.kib(640)));
      changes.addSubregion(system, HIGH, ram);
      changes.addSubregion(system, 0xFFFF_0000L, memory.rom("rom", Size.kib(64)));
      addDevices(memory, changes, system);
    });
    AddressSpace main = memory.addressSpace("memory", system);
    return List.of(main, memory.addressSpace("cpu", memory.alias("cpu", system, 0, Size.FULL)));
  }

  private static void addDevices(MemorySystem memory, Transaction changes, MemoryRegion.Container system) {
    for (int i = 0; i < 20; i++) {
      MemoryRegion device = memory.mmio("device " + i, Size.bytes(0x100 + i * 0x340L), new Silent());
      changes.addSubregion(system, DEVICES + i * DEVICE_STRIDE, device);
    }
  }

  private static final class Silent implements MmioHandler {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  }
}
