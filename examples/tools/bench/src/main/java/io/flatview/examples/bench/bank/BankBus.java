package io.flatview.examples.bench.bank;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;

/** Banks; loads go through the reader. */
class BankBus extends MapBus {

  private final Layout layout;
  private final MemoryRegion.Bank[] banks;

  BankBus(Layout layout) {
    this.layout = layout;
    this.banks = switch (layout) {
      case WINDOW -> new MemoryRegion.Bank[] {placed(0x8000, memory.bank("prg", Size.kib(16), rom))};
      case SIX_WINDOWS -> sixWindows();
      case OVERLAY -> new MemoryRegion.Bank[] {placed(0xa000, overlays())};
    };
  }

  private MemoryRegion.Bank placed(long address, MemoryRegion.Bank bank) {
    memory.update(tx -> tx.addSubregion(system, address, bank));
    return bank;
  }

  private MemoryRegion.Bank[] sixWindows() {
    MemoryRegion.Bank[] windows = new MemoryRegion.Bank[6];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = placed(Layout.place(i) * 0x400L, memory.bank("chr" + i, Size.kib(i < 2 ? 2 : 1), rom));
    }
    return windows;
  }

  private MemoryRegion.Bank overlays() {
    MemoryRegion.Bank bank = memory.bank("pla", Size.kib(24), layout.choices);
    memory.update(tx -> {
      for (int choice = 0; choice < layout.choices; choice++) {
        MemoryRegion.Container shown = memory.container("overlay " + choice, Size.kib(24));
        overlay(tx, shown, choice);
        tx.setVariant(bank, choice, shown);
      }
    });
    return bank;
  }

  @Override
  public void select(int choice) {
    if (layout == Layout.SIX_WINDOWS) {
      int window = Layout.window(choice);
      banks[window].select(window < 2 ? Layout.page(choice) / 2 : Layout.page(choice));
    } else {
      banks[0].select(choice);
    }
  }
}
