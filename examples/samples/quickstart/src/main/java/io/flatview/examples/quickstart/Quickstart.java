package io.flatview.examples.quickstart;

import com.google.inject.Guice;
import io.flatview.dispatch.guice.DispatchModule;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;

/** The embedding example of the front page. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Runs it.
   *
   * @param args no arguments are used
   */
  public static void main(String[] args) {
    // front page: begin
    MemorySystem memory = Guice.createInjector(new DispatchModule()).getInstance(MemorySystem.class);
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    MemoryRegion.Ram dram = memory.ram("dram", Size.mib(64));
    MemoryRegion.Mmio uart = memory.mmio("uart", Size.bytes(8), new Console());
    AddressSpace bus = memory.addressSpace("memory", system);

    memory.update(tx -> tx
        .addSubregion(system, 0x8000_0000L, dram)
        .addSubregion(system, 0x1000_0000L, uart));

    try (MapReader hart = memory.newReader("hart0")) {
      hart.store(bus, 0x8000_0000L, 8, 0x1122_3344_5566_7788L);
      System.out.printf("%x%n", hart.load(bus, 0x8000_0004L, 4));
      hart.store(bus, 0x1000_0000L, 1, 'A');
      try (ReadSection _ = hart.enter()) {
        System.out.println(hart.translate(bus, 0x8000_1000L, 4, Access.READ).section());
      }
    }

    CommitTicket unplugged = memory.update(tx -> tx.delSubregion(uart));
    unplugged.quiesced().thenRun(uart::close);
    // front page: end
    memory.close();
  }
}
