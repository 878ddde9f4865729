package com.example.machine;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import jakarta.inject.Inject;

/** A board and a card, each with a memory of its own. */
final class Machine {

  private final MemorySystem board;
  private final MemorySystem card;

  @Inject
  Machine(@Board MemorySystem board, @Card MemorySystem card) {
    this.board = board;
    this.card = card;
  }

  long run() {
    return hold(board, 0x1000_0000L) | hold(card, 0x2L);
  }

  private static long hold(MemorySystem memory, long value) {
    MemoryRegion.Container system = memory.container("system", Size.FULL);
    AddressSpace bus = memory.addressSpace("bus", system);
    memory.update(tx -> tx.addSubregion(system, 0x8000_0000L, memory.ram("ram", Size.mib(1))));
    try (MapReader cpu = memory.newReader("cpu")) {
      cpu.store(bus, 0x8000_0010L, 8, value);
      return cpu.load(bus, 0x8000_0010L, 8);
    }
  }
}
