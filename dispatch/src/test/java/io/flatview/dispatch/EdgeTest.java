package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** An access ends where that ends which answers: a device, a window on one, a hole. */
class EdgeTest extends OnAMachine {

  private final Registers first = new Registers();
  private final Registers second = new Registers();

  private MemoryRegion device(long size, Registers registers) {
    return memory.mmio("device", Size.bytes(size), registers);
  }

  // The end of a device

  @Test
  void aStoreAcrossTheEndOfADeviceIsCutThereAndTheNextHearsOfTheRest() {
    place(0, device(16, first));
    place(16, device(16, second));
    assertStores(14, 4, 0x4433_2211);
    assertEquals(List.of("write 2 @e = 2211"), first.asked);
    assertEquals(List.of("write 2 @0 = 4433"), second.asked);
  }

  @Test
  void aHandlerOverAnArrayIsNeverAskedBeyondItsRegion() {
    byte[] array = new byte[16];
    MmioHandler handler = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
          value |= (array[(int) offset + i] & 0xffL) << 8 * i;
        }
        return value;
      }

      @Override
      public void write(long offset, int size, long value) {
        for (int i = 0; i < size; i++) {
          array[(int) offset + i] = (byte) (value >>> 8 * i);
        }
      }
    };
    place(0, memory.mmio("array", Size.bytes(16), handler));
    for (int at = 0; at < 16; at++) {
      MemTxResult expected = at <= 8 ? MemTxResult.OK : MemTxResult.DECODE_ERROR;
      assertEquals(expected, store(at, 8, -1));
      load(at, 8);
      assertEquals(expected, reader.lastResult());
    }
  }

  @Test
  void aLoadAcrossTheEndOfADeviceIntoAHoleGivesWhatIsThereAndADecodeError() {
    place(0, device(6, first.reading(0x77)));
    assertEquals(0x77, load(5, 8));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(List.of("read 1 @5"), first.asked);
  }

  @Test
  void anAccessThroughAWindowOnADeviceIsCutAtTheWindow() {
    place(0x100, alias("window", device(16, first), 4, 2));
    assertEquals(MemTxResult.DECODE_ERROR, store(0x100, 8, 0x8877_6655_4433_2211L));
    assertEquals(List.of("write 2 @4 = 2211"), first.asked);
  }

  @Test
  void aCutAccessIsMadeOfThePiecesThatTheDeviceFindsValid() {
    RuledDevice narrow = new RuledDevice(MmioRules.DEFAULT.withValid(AccessSizes.aligned(2, 4)));
    place(0, memory.mmio("narrow", Size.bytes(16), narrow));
    place(16, device(16, second));
    assertStores(10, 8, -1);
    assertEquals(List.of("w2@10/ffff", "w4@12/ffffffff"), narrow.asked);
    assertEquals(List.of("write 2 @0 = ffff"), second.asked);
  }

  // One answer for all ways of access

  @Test
  void singleAccessesTransfersCachesAndTheQuestionAgreeAtTheEnd() {
    place(0, device(6, first.reading(0)));
    byte[] bytes = new byte[8];
    assertEquals(MemTxResult.DECODE_ERROR, reader.read(space, 4, bytes, 0, 8));
    assertEquals(MemTxResult.DECODE_ERROR, reader.write(space, 4, bytes, 0, 8));
    assertFalse(reader.isAccessible(space, 4, 8, Access.READ, MemTxAttrs.UNSPECIFIED));
    MemoryRegionCache cache = reader.cache(space, 0, 16);
    cache.load(4, 8);
    assertEquals(MemTxResult.DECODE_ERROR, cache.lastResult());
    assertEquals(MemTxResult.DECODE_ERROR, cache.store(4, 8, 0));
    load(4, 8);
    store(4, 8, 0);
    assertEquals(List.of("read 2 @4", "write 2 @4 = 0", "read 2 @4", "write 2 @4 = 0", "read 2 @4", "write 2 @4 = 0"),
        first.asked);
  }

  @Test
  void aTranslationReachesToTheEndOfTheDevice() {
    place(0x10, device(6, first));
    try (ReadSection _ = reader.enter()) {
      assertEquals(1, reader.translate(space, 0x15, 8, Access.READ).length());
      assertEquals(6, reader.translate(space, 0x10, 6, Access.WRITE).length());
    }
  }

  // Registers that lie over wider ones

  /** The address of configuration space at 0xcf8 has four bytes, and the reset control lies over the second. */
  private void placePciHost() {
    place(0xcf8, device(4, first), 0);
    place(0xcf9, device(1, second), 1);
  }

  @Test
  void anAccessWhoseLastByteIsTheSameDevicesGoesThereWholeWhateverLiesOverItBetween() {
    placePciHost();
    assertStores(0xcf8, 4, 0x8000_1004L);
    assertEquals(List.of("write 4 @0 = 80001004"), first.asked);
    assertEquals(List.of(), second.asked);
    assertLoads(0, 0xcf8, 4);
    reader.write(space, 0xcf8, new byte[4], 0, 4);
    assertEquals(List.of("write 4 @0 = 80001004", "read 4 @0", "write 4 @0 = 0"), first.asked);
    assertTrue(reader.isAccessible(space, 0xcf8, 4, Access.WRITE, MemTxAttrs.UNSPECIFIED));
  }

  @Test
  void anAccessThatEndsInTheOverlayIsCutThere() {
    placePciHost();
    assertStores(0xcf8, 2, 0x0604);
    assertEquals(List.of("write 1 @0 = 4"), first.asked);
    assertEquals(List.of("write 1 @0 = 6"), second.asked);
  }

  @Test
  void anAccessThatBeginsInTheOverlayIsTheOverlays() {
    placePciHost();
    assertStores(0xcf9, 1, 6);
    assertEquals(List.of("write 1 @0 = 6"), second.asked);
    assertEquals(List.of(), first.asked);
  }

  // The end of a hole

  @Test
  void anAccessFromAHoleIntoMemoryTransfersWhatMemoryHolds() {
    place(0x1000, ram("ram", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0xffc, 8, 0x8877_6655_4433_2211L));
    assertLoads(0x8877_6655L, 0x1000, 4);
    assertEquals(0x8877_6655_0000_0000L, load(0xffc, 8));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void aTranslationInAHoleReachesToItsEnd() {
    place(0x1000, ram("ram", 0x1000));
    place(0x10_0000, ram("far", 0x1000));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x1000, reader.translate(space, 0, 0x4000, Access.READ).length());
      assertEquals(0xf_e000, reader.translate(space, 0x2000, -1, Access.READ).length());
      assertEquals(0x10, reader.translate(space, 0x2000, 0x10, Access.READ).length());
      assertEquals(-0x20_0000, reader.translate(space, 0x20_0000, -1, Access.READ).length());
    }
  }

  @Test
  void anAccessFromOneReservationIntoMemoryIsCutToo() {
    place(0, memory.reserved("reserved", Size.bytes(4)));
    place(4, ram("ram", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 8, -1));
    assertLoads(0xffff_ffffL, 4, 4);
  }

  @Test
  void aSpaceOf64KiBEndsAtItsLastByte() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    AddressSpace cpu = memory.addressSpace("cpu", bus);
    place(bus, 0xffff, device(1, first.reading(0x5a)));
    assertEquals(0x5a, reader.load(cpu, 0xffff, 2));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(List.of("read 1 @0"), first.asked);
  }

  // Buses with fewer address lines

  private AddressSpace wrapping(MemoryRegion root) {
    return memory.addressSpace("cpu", root, AddressSpaceOptions.DEFAULT.withAddressBits(16));
  }

  @Test
  void aBusOf16AddressLinesGoesOnAtItsFirstByte() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    AddressSpace cpu = wrapping(bus);
    place(bus, 0, device(1, second.reading(0x11)));
    place(bus, 0xffff, device(1, first.reading(0x5a)));
    assertEquals(0x115a, reader.load(cpu, 0xffff, 2));
    assertEquals(MemTxResult.OK, reader.lastResult());
    assertTrue(reader.store(cpu, 0xffff, 2, 0x2233).isOk());
    assertEquals(List.of("read 1 @0", "write 1 @0 = 33"), first.asked);
    assertEquals(List.of("read 1 @0", "write 1 @0 = 22"), second.asked);
  }

  @Test
  void higherAddressBitsAreIgnoredByEveryWayOfAccess() {
    MemoryRegion.Ram ram = ram("ram", 0x1_0000);
    AddressSpace cpu = wrapping(ram);
    assertTrue(reader.store(cpu, 0xab_1234, 4, 0x4433_2211).isOk());
    assertEquals(0x4433_2211, reader.load(cpu, 0x1234, 4));
    assertEquals(0x4433_2211, reader.fetchAndOp(cpu, 0x7_1234, 4, AtomicOp.ADD, 1));
    assertEquals(0x4433_2212, reader.cache(cpu, 0x1_1000, 0x1000).load(0x234, 4));
    byte[] bytes = new byte[4];
    assertTrue(reader.write(cpu, 0xfffe, new byte[] {1, 2, 3, 4}, 0, 4).isOk());
    assertTrue(reader.read(cpu, 0x1_fffe, bytes, 0, 4).isOk());
    assertEquals(0x0403, reader.load(cpu, 0, 2));
    assertEquals(List.of((byte) 1, (byte) 2, (byte) 3, (byte) 4), List.of(bytes[0], bytes[1], bytes[2], bytes[3]));
    assertTrue(reader.isAccessible(cpu, 0xfff0, 0x20, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x10, reader.translate(cpu, 0x5_fff0, 0x20, Access.READ).length());
      assertEquals(0xfff0, reader.translate(cpu, 0x5_fff0, 0x20, Access.READ).address());
      assertEquals(ram, reader.translate(cpu, 0x5_fff0, 0x20, Access.READ).section().region());
    }
    assertEquals("ram", cpu.explain(0x1_0000).answer().orElseThrow().region().name());
  }

  @Test
  void anIommuMayLeadToABusOfFewerAddressLines() {
    AddressSpace cpu = wrapping(ram("ram", 0x1_0000));
    place(0, memory.iommu("iommu", Size.FULL,
        (address, _, _, _, entry) -> entry.grant(cpu, address, 0xfff, true, true)));
    assertStores(0xffff, 2, 0x2211);
    assertLoads(0x2211, 0x3_ffff, 2);
    assertEquals(0x22, reader.load(cpu, 0, 1));
  }

  @Test
  void aHoleOnABusOfFewerAddressLinesIsOneAtEveryAddress() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    AddressSpace cpu = wrapping(bus);
    place(bus, 0, ram("ram", 0x1000));
    assertEquals(0, reader.load(cpu, 0x1_1000, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    reader.store(cpu, 0, 2, 0x2211);
    assertEquals(0x2211_0000, reader.load(cpu, 0xfffe, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void aRootThatTheAddressLinesDoNotReachIsRefused() {
    MemoryRegion.Container bus = container("bus", 0x1_0001);
    assertRefused(IllegalArgumentException.class, () -> wrapping(bus),
        "'cpu'", "'bus'", "000000000000ffff", "0000000000010000");
    assertRefused(IllegalArgumentException.class, () -> AddressSpaceOptions.DEFAULT.withAddressBits(0), "0 bits");
    assertRefused(IllegalArgumentException.class, () -> AddressSpaceOptions.DEFAULT.withAddressBits(65), "65 bits");
    assertEquals(List.of(space), memory.addressSpaces());
  }

  @Test
  void aRootThatIsPlacedBeyondTheAddressLinesIsRefused() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    place(0x10_0000, bus);
    assertRefused(IllegalArgumentException.class, () -> wrapping(bus),
        "'cpu'", "'bus'", "000000000000ffff", "0000000000100000-000000000010ffff", "alias");
    assertEquals(List.of(space), memory.addressSpaces());
  }

  @Test
  void aRootNeitherGrowsNorMovesBeyondTheAddressLines() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    place(bus, 0, ram("ram", 0x1_0000));
    AddressSpace cpu = wrapping(bus);
    for (Consumer<Transaction> change : List.<Consumer<Transaction>>of(
        tx -> tx.setSize(bus, Size.bytes(0x1_0001)),
        tx -> tx.setAddress(bus, 1),
        tx -> tx.addSubregion(system, 0x10_0000, bus))) {
      assertFault(MapFault.Id.BEYOND_SPACE, () -> memory.update(change), "'cpu'", "'bus'", "16 address bits");
    }
    assertEquals(Size.bytes(0x1_0000), bus.size());
    memory.update(tx -> tx.setSize(bus, Size.bytes(0x2_0000)).setSize(bus, Size.bytes(0x8000)).setAddress(bus, 0x8000));
    assertTrue(reader.store(cpu, 0x1_8000, 1, 0x42).isOk());
    assertEquals(0x42, reader.load(cpu, 0x8000, 1));
    reader.load(cpu, 0x1_0000, 1);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void aSpaceThatIsOpenedWhileItsRootMovesIsRefusedToo() {
    MemoryRegion.Container bus = container("bus", 0x1_0000);
    assertFault(MapFault.Id.BEYOND_SPACE, () -> memory.update(tx -> {
      wrapping(bus);
      tx.setAddress(bus, 0x8000);
    }), "'cpu'", "'bus'");
    assertEquals(List.of(space), memory.addressSpaces());
    assertEquals(0, bus.address());
  }

  @Test
  void whatWouldNeverBeCalledIsRefused() {
    AddressSpace cpu = wrapping(container("bus", 0x1_0000));
    AddressRange beyond = new AddressRange(0x1_8000, 0x1_8fff);
    for (Executable request : List.<Executable>of(
        () -> memory.tap(cpu, TapFilter.of(beyond), _ -> { }),
        () -> memory.watch(cpu, TapFilter.of(beyond), _ -> true),
        () -> cpu.addListener(new MemoryListener() { }, beyond))) {
      assertFault(MapFault.Id.BEYOND_SPACE, request, "'cpu'", "000000000000ffff", beyond.toString());
    }
    memory.tap(cpu, TapFilter.of(new AddressRange(0xffff, 0x1_0000)), _ -> { }).close();
  }
}
