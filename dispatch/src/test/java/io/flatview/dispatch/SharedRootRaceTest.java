package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Readers beside commits that turn address spaces to other view roots, and open and close them. */
class SharedRootRaceTest extends OnARacingMachine {

  /**
   * Forbidden: a reader that sees the generation in which a space has turned finds it in the slot that it had before,
   * or one that pinned the generation before finds it in the new one. Each commit turns a bus master on or off and
   * shows in the system itself which of the two it is.
   */
  @Test
  void aSpaceTurnsWithTheGenerationThatSaysSo() {
    MemoryRegion on = mmio("on", 0x100);
    place(0x2000, mmio("rtc", 0x100));
    place(0x1000, on);
    MemoryRegion.Container root = memory.container("root", Size.FULL);
    MemoryRegion.Alias all = memory.alias("all", system, 0, Size.FULL);
    place(root, 0, all);
    AddressSpace dma = memory.addressSpace("dma", root);
    race((_, i) -> {
      memory.update(tx -> tx.setEnabled(all, i % 2 == 0).setEnabled(on, i % 2 == 0));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        String before = name(own, dma, 0x1000);
        Thread.yield();
        String shown = name(own, space, 0x1000);
        assertEquals(shown, before);
        assertEquals(shown.equals("on") ? "rtc" : "unassigned", name(own, dma, 0x2000));
        assertEquals(before, name(own, dma, 0x1000));
      }
    });
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  /** Forbidden: a reader of an older generation finds a space in a slot that was given on to another one since. */
  @Test
  void aSlotThatIsGivenOnAtOnceIsNeverTakenForWhatItWas() {
    MemoryRegion[] devices = {mmio("even", 0x100), mmio("odd", 0x100)};
    AtomicReference<AddressSpace> latest = new AtomicReference<>(memory.addressSpace("odd", devices[1]));
    race((_, i) -> {
      AddressSpace gone = latest.get();
      gone.close();
      latest.set(memory.addressSpace(i % 2 == 0 ? "even" : "odd", devices[i % 2]));
      policy.runGracePeriod();
    }, (own, _) -> {
      AddressSpace one = latest.get();
      try (ReadSection _ = own.enter()) {
        String shown = name(own, one, 0);
        name(own, space, 0);
        Thread.yield();
        assertEquals(shown.equals("unassigned") ? shown : one.name(), shown);
        assertEquals(shown, name(own, one, 0x10));
      }
    });
  }
}
