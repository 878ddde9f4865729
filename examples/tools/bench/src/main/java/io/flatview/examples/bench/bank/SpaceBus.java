package io.flatview.examples.bench.bank;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;

/** An address space for each choice, among which a selection changes. */
final class SpaceBus extends MapBus {

  private final AddressSpace[] spaces;

  SpaceBus(Layout layout) {
    if (layout == Layout.SIX_WINDOWS) {
      throw new IllegalArgumentException("six windows on 128 and 256 pages are 2^46 address spaces");
    }
    spaces = new AddressSpace[layout.choices];
    for (int choice = 0; choice < spaces.length; choice++) {
      spaces[choice] = space(layout, choice);
    }
  }

  private AddressSpace space(Layout layout, int choice) {
    MemoryRegion.Container root = memory.container("root " + choice, Size.kib(64));
    MemoryRegion.Container shown = memory.container("shown " + choice, Size.kib(24));
    memory.update(tx -> {
      tx.addSubregion(root, 0, memory.alias("ram", ram, 0, Size.kib(64)), -1);
      if (layout == Layout.WINDOW) {
        tx.addSubregion(root, 0x8000, rom(choice * 0x4000, 0x4000));
      } else {
        overlay(tx, shown, choice);
        tx.addSubregion(root, 0xa000, shown);
      }
    });
    return memory.addressSpace("cpu " + choice, root);
  }

  @Override
  public void select(int choice) {
    space = spaces[choice];
  }
}
