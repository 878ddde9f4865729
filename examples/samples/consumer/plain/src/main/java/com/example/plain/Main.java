package com.example.plain;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;

/** Stores to guest memory and loads it back, without Guice. */
public final class Main {

  private Main() {}

  /**
   * Runs it.
   *
   * @param args no arguments are used
   */
  public static void main(String[] args) {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(); MemorySystem memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace bus = memory.addressSpace("bus", system);
      memory.update(tx -> tx.addSubregion(system, 0x8000_0000L, memory.ram("ram", Size.mib(1))));
      try (MapReader cpu = memory.newReader("cpu")) {
        cpu.store(bus, 0x8000_0010L, 8, 0x1234);
        System.out.printf("%s without Guice: %x%n", policy.name(), cpu.load(bus, 0x8000_0010L, 8));
      }
    }
  }
}
