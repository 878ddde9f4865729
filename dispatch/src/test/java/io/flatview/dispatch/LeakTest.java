package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Leak;
import io.flatview.memory.MapFault;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.ReadSection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What was taken out and forgotten is named, with the place where it was made; tests run in checked mode. */
class LeakTest extends OnAMachine {

  private List<String> leaks() {
    return memory.leaks().stream().map(Leak::what).toList();
  }

  @Test
  void memoryThatNothingHoldsIsALeakUntilItIsClosed() {
    MemoryRegion ram = ram("ram", 0x1000);
    assertEquals(List.of("memory " + ram), leaks());
    place(0, ram);
    assertEquals(List.of(), leaks());
    enable(ram, false);
    assertEquals(List.of(), leaks());
    remove(ram);
    assertEquals(List.of("memory " + ram), leaks());
    ram.close();
    assertEquals(List.of(), leaks());
  }

  @Test
  void memoryThatAnAliasOrAnAddressSpaceShowsIsNone() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion alias = alias("alias", ram, 0, 0x1000);
    assertEquals(List.of(), leaks());
    alias.close();
    AddressSpace dma = memory.addressSpace("dma", ram);
    assertEquals(List.of(), leaks());
    dma.close();
    assertEquals(1, leaks().size());
    ram.close();
  }

  @Test
  void aWindowThatHasNotEndedIsALeakThatKnowsWhereItWasOpened() {
    place(0x1000, ram("ram", 0x1000));
    MappedWindow window = space.map(0x1000, 0x10, Access.READ).whole();
    Leak leak = memory.leaks().getFirst();
    assertTrue(leak.what().contains("0000000000001000-000000000000100f"), leak::what);
    assertTrue(List.of(leak.created().orElseThrow().getStackTrace()).stream()
        .anyMatch(frame -> frame.getClassName().equals(LeakTest.class.getName())));
    window.close();
    assertEquals(List.of(), leaks());
  }

  @Test
  void detachTellsWhenNoReaderCanReachTheRegion() {
    MemoryRegion.Mmio device = mmio("device", 0x1000);
    place(0, device);
    CompletableFuture<Void> gone;
    try (ReadSection _ = reader.enter()) {
      gone = memory.detach(device).toCompletableFuture();
      policy.runGracePeriod();
      assertFalse(gone.isDone());
    }
    policy.runGracePeriod();
    assertTrue(gone.isDone());
    assertFault(MapFault.Id.NOT_PLACED, () -> memory.detach(device), "'device'");
  }
}
