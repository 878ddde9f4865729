package io.flatview.examples.quickstart;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** RAM, a UART, a timer, two CPUs that run all the time, and a card that is plugged and unplugged under them. */
public final class Board {

  private static final long UART = 0x1000_0000L;
  private static final long TIMER = 0x1000_1000L;
  private static final long SLOT = 0x2000_0000L;
  private static final long DRAM = 0x8000_0000L;

  private final MemorySystem memory;
  private final MemoryRegion.Container system;
  private final AddressSpace bus;

  private Board(MemorySystem memory) {
    this.memory = memory;
    system = memory.container("system", Size.FULL);
    bus = memory.addressSpace("memory", system);
    memory.update(tx -> tx
        .addSubregion(system, DRAM, memory.ram("dram", Size.mib(64)))
        .addSubregion(system, UART, memory.mmio("uart", Size.bytes(8), new Console()))
        .addSubregion(system, TIMER, memory.mmio("timer", Size.bytes(8), new Timer())));
  }

  /**
   * Runs it.
   *
   * @param args no arguments are used
   * @throws InterruptedException never, as no thread interrupts this one
   */
  public static void main(String[] args) throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(); MemorySystem memory = DispatchMemory.create(policy)) {
      Board board = new Board(memory);
      List<Thread> cpus = List.of(
          Thread.ofPlatform().start(() -> board.cpu('a')), Thread.ofPlatform().start(() -> board.cpu('b')));
      CompletionStage<Void> off = board.plugAndUnplug();
      for (Thread cpu : cpus) {
        cpu.join();
      }
      off.toCompletableFuture().join();
    }
  }

  /** Returns a stage that completes when the card is off. */
  private CompletionStage<Void> plugAndUnplug() throws InterruptedException {
    Card card = new Card();
    MemoryRegion.Mmio registers = memory.mmio("card", Size.kib(4), card);
    memory.update(tx -> tx.addSubregion(system, SLOT, registers));
    card.awaitGreetings(2);
    CommitTicket unplugged = memory.update(tx -> tx.delSubregion(registers));
    return unplugged.quiesced().thenRun(registers::close).thenRun(card::powerOff);
  }

  /** Counts in RAM until the card answers, greets it, and counts on until it is gone. */
  private void cpu(char name) {
    long counter = DRAM + 8L * name;
    try (MapReader cpu = memory.newReader("cpu " + name)) {
      countWhile(cpu, counter, false);
      cpu.store(bus, SLOT + 8, 1, name);
      countWhile(cpu, counter, true);
      cpu.store(bus, UART, 1, cpu.load(bus, counter, 8) > 0 && cpu.load(bus, TIMER, 8) > 0 ? name : '?');
    }
  }

  private void countWhile(MapReader cpu, long counter, boolean plugged) {
    do {
      cpu.store(bus, counter, 8, cpu.load(bus, counter, 8) + 1);
      cpu.quiescent();
    } while ((cpu.load(bus, SLOT, 4) == Card.ID) == plugged);
  }
}
