package io.flatview.dispatch.bank;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;

/** What is tested. */
final class BankedMachine extends Machine {

  BankedMachine(MemorySystem memory, Plan plan) {
    super(memory, plan);
  }

  @Override
  MemoryRegion bank(String name, Size size, int variants) {
    return memory.bank(name, size, variants);
  }

  private MemoryRegion.Bank bank(int number) {
    return (MemoryRegion.Bank) regions.get(number);
  }

  @Override
  void setVariant(int bank, int number, int variant) {
    memory.update(tx -> tx.setVariant(bank(bank), number, regions.get(variant)));
  }

  @Override
  void select(int bank, int number) {
    bank(bank).select(number);
  }
}
