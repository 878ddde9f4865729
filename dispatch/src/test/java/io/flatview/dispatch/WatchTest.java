package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.memory.TappedAccess;
import io.flatview.rcu.ReadSection;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches are asked before an access is made, and what they stop is not made. */
class WatchTest extends OnAMachine {

  private final Registers registers = new Registers();
  private final MemoryRegion.Ram ram = ram("ram", 0x4000);
  private final MemoryRegion.Mmio device = memory.mmio("device", Size.bytes(0x100), registers);
  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void build() {
    memory.update(tx -> tx.addSubregion(system, 0x1000, ram).addSubregion(system, 0x8000, device));
  }

  private static TapFilter bytes(long first, long last) {
    return TapFilter.of(new AddressRange(first, last));
  }

  private boolean noted(TappedAccess access, boolean stops) {
    seen.add(access.access() + " " + access.size() + " at " + Long.toHexString(access.address()) + " "
        + access.region().name() + "+" + Long.toHexString(access.offset())
        + (access.isBeforeKnown() ? " " + Long.toHexString(access.before()) + "->" : " ")
        + Long.toHexString(access.value()));
    return stops;
  }

  private void assertStopped() {
    assertEquals(MemTxResult.STOPPED, reader.lastResult());
  }

  @Test
  void aStoppedStoreLeavesMemoryAsItWas() {
    assertStores(0x1010, 4, 0x11);
    try (TapRegistration _ = memory.watch(space, bytes(0x1010, 0x1010), access -> noted(access, true))) {
      assertEquals(MemTxResult.STOPPED, store(0x1010, 4, 0x22));
      assertStores(0x1014, 4, 0x33);
    }
    assertEquals(List.of("WRITE 4 at 1010 ram+10 11->22"), seen);
    assertLoads(0x11, 0x1010, 4);
  }

  @Test
  void aStoppedLoadGivesNothingThoughTheWatchHasSeenWhatMemoryHolds() {
    assertStores(0x1010, 4, 0x11);
    memory.watch(ram, bytes(0x10, 0x13), access -> noted(access, true));
    assertEquals(0, load(0x1010, 4));
    assertStopped();
    assertEquals(List.of("READ 4 at 1010 ram+10 11->11"), seen);
  }

  @Test
  void aStoppedAccessDoesNotReachTheDevice() {
    memory.watch(device, bytes(4, 7), access -> noted(access, true));
    assertEquals(MemTxResult.STOPPED, store(0x8004, 4, 7));
    assertEquals(0, load(0x8004, 4));
    assertStopped();
    assertLoads(8, 0x8008, 4);
    assertEquals(List.of("read 4 @8"), registers.asked);
    assertEquals(List.of("WRITE 4 at 8004 device+4 7", "READ 4 at 8004 device+4 0"), seen);
  }

  @Test
  void whatAWatchLetsPassIsMadeAndTold() {
    memory.tap(ram, bytes(0, 3), access -> seen.add("after " + access.value() + " " + access.result()));
    memory.watch(ram, bytes(0, 3), access -> noted(access, access.value() == 2));
    assertStores(0x1000, 1, 1);
    assertEquals(MemTxResult.STOPPED, store(0x1000, 1, 2));
    assertEquals(List.of("WRITE 1 at 1000 ram+0 0->1", "after 1 OK", "WRITE 1 at 1000 ram+0 1->2"), seen);
  }

  @Test
  void watchesAreAskedInTheOrderOfAttachingUpToTheFirstThatStops() {
    TapRegistration first = memory.watch(ram, bytes(0, 3), access -> seen.add("first") && false);
    TapRegistration second = memory.watch(space, bytes(0x1000, 0x1000), access -> seen.add("second"));
    memory.watch(ram, bytes(0, 3), access -> seen.add("third") && false);
    load(0x1000, 1);
    second.close();
    assertLoads(0, 0x1000, 1);
    first.close();
    assertLoads(0, 0x1000, 1);
    assertEquals(List.of("first", "second", "first", "third", "third"), seen);
  }

  @Test
  void aWatchForAValueComparesWhatMemoryHoldsAndPassesDevicesBy() {
    assertStores(0x1000, 4, 5);
    memory.watch(space, TapFilter.of(AddressRange.ALL).matching(5), access -> noted(access, true));
    assertEquals(0, load(0x1000, 4));
    assertStopped();
    assertEquals(MemTxResult.STOPPED, store(0x8000, 4, 5));
    registers.reading(5);
    assertLoads(5, 0x8000, 4);
    assertEquals(2, seen.size());
  }

  @Test
  void anAtomicOperationIsStoppedBeforeItChangesMemory() {
    assertStores(0x1000, 4, 5);
    memory.watch(ram, bytes(0, 7), access -> noted(access, true));
    assertEquals(0, reader.compareAndExchange(space, 0x1000, 4, 5, 6));
    assertStopped();
    assertEquals(0, reader.fetchAndOp(space, 0x1000, 4, AtomicOp.ADD, 2));
    assertStopped();
    assertEquals(List.of("WRITE 4 at 1000 ram+0 5->6", "WRITE 4 at 1000 ram+0 5->7"), seen);
    byte[] bytes = new byte[1];
    ram.copyOut(0, MemorySegment.ofArray(bytes));
    assertEquals(5, bytes[0]);
  }

  @Test
  void aTransferIsStoppedWhereItIsWatchedAndGoesOnBehind() {
    memory.watch(ram, bytes(8, 8), access -> noted(access, true));
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24};
    assertEquals(MemTxResult.STOPPED, reader.write(space, 0x1000, bytes, 0, 24));
    assertEquals(1, seen.size());
    assertLoads(0x0807_0605_0403_0201L, 0x1000, 8);
    assertLoads(0x1817_1615_1413_1211L, 0x1010, 8);
    byte[] held = new byte[8];
    ram.copyOut(8, MemorySegment.ofArray(held));
    assertEquals(0, held[0] | held[7]);
  }

  @Test
  void holesCanBeWatchedToo() {
    memory.watch(space, bytes(0x9000, 0x9fff), access -> noted(access, true));
    assertEquals(MemTxResult.STOPPED, store(0x9000, 4, 1));
    assertEquals(List.of("WRITE 4 at 9000 unassigned+9000 1"), seen);
  }

  @Test
  void aWatchMayAccessMemoryWithTheSameReader() {
    memory.watch(ram, TapFilter.stores(new AddressRange(0, 0)), access -> {
      reader.store(space, 0x2000, 1, access.value() + 1);
      reader.load(space, 0x8000, 4);
      return false;
    });
    memory.tap(space, TapFilter.stores(new AddressRange(0x1000, 0x1000)), access -> noted(access, false));
    assertStores(0x1000, 1, 5);
    assertEquals(5, reader.fetchAndOp(space, 0x1000, 1, AtomicOp.ADD, 1));
    assertLoads(6, 0x1000, 1);
    assertLoads(7, 0x2000, 1);
    assertEquals(List.of("WRITE 1 at 1000 ram+0 0->5", "WRITE 1 at 1000 ram+0 5->6"), seen);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, IOException.class})
  void aWatchThatFailsIsAskedNoMoreAndTheAccessGoesOn(Class<? extends Exception> kind) throws Exception {
    Exception failure = kind.getConstructor(String.class).newInstance("on purpose");
    memory.watch(ram, bytes(0, 0), _ -> {
      seen.add("failing");
      throw Failure.rethrow(failure);
    });
    assertStores(0x1000, 1, 3);
    assertLoads(3, 0x1000, 1);
    assertEquals(List.of("failing"), seen);
  }

  @Test
  void memoryOfWatchedPagesIsNotHandedOutUntilTheWatchIsRemoved() {
    TapRegistration watch = memory.watch(ram, bytes(0x1000, 0x1000), _ -> false);
    try (ReadSection _ = reader.enter()) {
      assertNull(reader.translate(space, 0x2000, 4, Access.READ).memory());
      assertNotNull(reader.translate(space, 0x1000, 4, Access.READ).memory());
    }
    watch.close();
    try (ReadSection _ = reader.enter()) {
      assertNotNull(reader.translate(space, 0x2000, 4, Access.READ).memory());
    }
  }

  @Test
  void aStopIsNoFailureOfTheBus() {
    assertFalse(MemTxResult.STOPPED.isOk());
    assertFalse(MemTxResult.STOPPED.has(MemTxResult.ACCESS_ERROR));
    assertTrue(MemTxResult.STOPPED.or(MemTxResult.DECODE_ERROR).has(MemTxResult.STOPPED));
    assertEquals("DECODE_ERROR|STOPPED", MemTxResult.STOPPED.or(MemTxResult.DECODE_ERROR).toString());
  }

  @Test
  void aContainerAnswersNothingAndCannotBeWatched() {
    assertThrows(IllegalArgumentException.class, () -> memory.watch(system, bytes(0, -1), _ -> true));
    assertThrows(NullPointerException.class, () -> memory.watch(ram, bytes(0, 1), null));
  }
}
