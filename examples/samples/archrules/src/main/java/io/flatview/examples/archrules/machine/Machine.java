package io.flatview.examples.archrules.machine;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import java.util.concurrent.Executor;

/** RAM, a doorbell, and a vCPU that rings it. */
public final class Machine {

  private static final long DOORBELL = 0x1000_0000L;

  private final MemorySystem memory;
  private final AddressSpace bus;
  private final Doorbell doorbell;

  /**
   * Builds the machine.
   *
   * @param memory the memory system of the machine
   * @param slowWork runs what the doorbell must not wait for
   */
  public Machine(MemorySystem memory, Executor slowWork) {
    this.memory = memory;
    this.doorbell = new Doorbell(slowWork);
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    this.bus = memory.addressSpace("memory", system);
    memory.update(tx -> tx
        .addSubregion(system, DOORBELL, memory.mmio("doorbell", Size.bytes(8), doorbell))
        .addSubregion(system, 0, memory.ram("ram", Size.mib(1))));
  }

  /** Runs a vCPU in the calling thread: its reader is a local variable. */
  public void ringTwice() {
    try (MapReader vcpu = memory.newReader("vcpu0")) {
      new Vcpu(bus).run(vcpu, DOORBELL);
    }
  }

  /**
   * Runs a hart in the calling thread: it keeps its reader.
   *
   * @param steps the number of steps
   * @return what it counted
   */
  public long count(int steps) {
    try (MapReader reader = memory.newReader("hart0")) {
      Hart hart = new Hart(reader, bus);
      for (int step = 0; step < steps; step++) {
        hart.step();
      }
      return hart.stored();
    }
  }

  /**
   * How often the doorbell has rung.
   *
   * @return the count
   */
  public long rings() {
    return doorbell.rings();
  }
}
