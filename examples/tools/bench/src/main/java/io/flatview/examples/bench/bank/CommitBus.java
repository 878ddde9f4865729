package io.flatview.examples.bench.bank;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.function.LongSupplier;

/** A commit for each selection, which no open section sees, and a section for each load. */
final class CommitBus extends MapBus {

  private final Layout layout;
  private final MemoryRegion.Alias[] windows;
  private final MemoryRegion.Container[] overlays;
  private int shown;

  CommitBus(Layout layout) {
    this.layout = layout;
    this.windows = switch (layout) {
      case WINDOW -> new MemoryRegion.Alias[] {placed(0x8000, 0x4000)};
      case SIX_WINDOWS -> sixWindows();
      case OVERLAY -> new MemoryRegion.Alias[0];
    };
    this.overlays = new MemoryRegion.Container[layout == Layout.OVERLAY ? layout.choices : 0];
    for (int choice = 0; choice < overlays.length; choice++) {
      overlays[choice] = overlay(choice);
    }
  }

  private MemoryRegion.Alias placed(int address, int size) {
    MemoryRegion.Alias window = rom(0, size);
    memory.update(tx -> tx.addSubregion(system, address, window));
    return window;
  }

  private MemoryRegion.Alias[] sixWindows() {
    MemoryRegion.Alias[] six = new MemoryRegion.Alias[6];
    for (int i = 0; i < six.length; i++) {
      six[i] = placed(Layout.place(i) * 0x400, i < 2 ? 0x800 : 0x400);
    }
    return six;
  }

  private MemoryRegion.Container overlay(int choice) {
    MemoryRegion.Container in = memory.container("overlay " + choice, Size.kib(24));
    memory.update(tx -> {
      overlay(tx, in, choice);
      tx.setEnabled(in, choice == 0).addSubregion(system, 0xa000, in);
    });
    return in;
  }

  @Override
  public long run(LongSupplier selectionsAndLoads) {
    return selectionsAndLoads.getAsLong();
  }

  @Override
  public void select(int choice) {
    switch (layout) {
      case WINDOW -> memory.update(tx -> tx.setAliasOffset(windows[0], choice * 0x4000L));
      case SIX_WINDOWS -> memory.update(
          tx -> tx.setAliasOffset(windows[Layout.window(choice)], Layout.page(choice) * 0x400L));
      case OVERLAY -> show(choice);
    }
  }

  private void show(int choice) {
    memory.update(tx -> tx.setEnabled(overlays[shown], false).setEnabled(overlays[choice], true));
    shown = choice;
  }
}
