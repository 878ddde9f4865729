package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Doorbell;
import io.flatview.memory.Leak;
import io.flatview.memory.MapFault;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  void aDoorbellOfADeviceThatNothingHoldsIsALeak() {
    MemoryRegion.Mmio device = mmio("device", 0x1000);
    Doorbell bell = Doorbell.at(0x10, () -> { });
    place(0x1000, device);
    memory.update(tx -> tx.addDoorbell(device, bell));
    assertEquals(List.of(), leaks());
    remove(device);
    assertEquals(List.of(bell + " of device " + device), leaks());
    memory.update(tx -> tx.removeDoorbell(device, bell));
    assertEquals(List.of(), leaks());
    memory.update(tx -> tx.addDoorbell(device, bell));
    device.close();
    assertEquals(List.of(), leaks());
  }

  @Test
  void aListenerThatIsRegisteredAtTheEndIsNamed() {
    MemoryListener forgetful = new MemoryListener() {
      @Override
      public String toString() {
        return "forgetful";
      }
    };
    try (AddressSpace.Registration _ = space.addListener(forgetful)) {
      assertEquals(List.of(), leaks());
      assertEquals(List.of("listener forgetful of " + space), memory.left().stream().map(Leak::what).toList());
    }
    assertEquals(List.of(), memory.left());
  }

  @Test
  void everyRegionEndsWithItsMemorySystem() throws Exception {
    DispatchMemory other = DispatchMemory.create(policy);
    MemoryRegion.Mmio device = other.mmio("device", Size.kib(4), new Registers());
    MemoryRegion alias = other.alias("alias", device, 0, Size.kib(4));
    other.addressSpace("short", alias);
    List<CompletableFuture<Void>> ends = List.of(
        device.released().toCompletableFuture(), alias.released().toCompletableFuture());
    other.close();
    assertTrue(ends.stream().noneMatch(CompletableFuture::isDone));
    policy.runGracePeriod();
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    assertTrue(device.released().toCompletableFuture().isDone());
  }

  @Test
  void detachTellsWhenNoReaderCanReachTheRegion() throws Exception {
    MemoryRegion.Mmio device = mmio("device", 0x1000);
    place(0, device);
    CompletableFuture<Void> gone;
    try (ReadSection _ = reader.enter()) {
      gone = memory.detach(device).toCompletableFuture();
      policy.runGracePeriod();
      assertFalse(gone.isDone());
    }
    policy.runGracePeriod();
    gone.get(60, TimeUnit.SECONDS);
    assertFault(MapFault.Id.NOT_PLACED, () -> memory.detach(device), "'device'");
  }
}
