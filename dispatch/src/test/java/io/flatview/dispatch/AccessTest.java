package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads and stores. */
class AccessTest extends OnAMachine {

  private final Registers registers = new Registers();

  private MemoryRegion device(String name, long size) {
    return memory.mmio(name, Size.bytes(size), registers);
  }

  // Memory

  @Test
  void memoryIsZeroAtFirst() {
    place(0, ram("ram", 0x1000));
    assertLoads(0, 0, 8);
    assertLoads(0, 0xff8, 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void whatIsStoredIsLoadedLittleEndianAndZeroExtended(int size) {
    place(0x1000, ram("ram", 0x1000));
    assertStores(0x1010, size, 0xf8f7_f6f5_f4f3_f2f1L);
    assertLoads(0xf8f7_f6f5_f4f3_f2f1L & -1L >>> (64 - 8 * size), 0x1010, size);
    for (int i = 0; i < size; i++) {
      assertLoads(0xf1 + i, 0x1010 + i, 1);
    }
    assertLoads(0, 0x1010 + size, 1);
    assertLoads(0, 0x100f, 1);
  }

  @Test
  void anyAlignmentWillDo() {
    place(0, ram("ram", 0x1000));
    for (int at = 0; at < 16; at++) {
      assertStores(at, 8, 0x1122_3344_5566_7788L);
      assertLoads(0x1122_3344_5566_7788L, at, 8);
    }
  }

  @Test
  void anAliasAndItsTargetAreOneMemory() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0, ram);
    place(0x8000, alias("window", ram, 0x2000, 0x1000));
    assertStores(0x2010, 4, 0xcafe_babeL);
    assertLoads(0xcafe_babeL, 0x8010, 4);
  }

  @Test
  void memoryAtTheLastAddressesIsAccessible() {
    place(0xffff_ffff_ffff_0000L, ram("firmware", 0x10000));
    assertStores(-8, 8, 0x0102_0304_0506_0708L);
    assertLoads(0x0102_0304_0506_0708L, -8, 8);
    assertLoads(0x01, -1, 1);
  }

  // Across edges

  @Test
  void anAccessAcrossTwoPagesOfOneRegionIsOneAccess() {
    place(0, ram("ram", 0x3000));
    assertStores(0xffd, 8, 0x1122_3344_5566_7788L);
    assertLoads(0x1122_3344_5566_7788L, 0xffd, 8);
    assertLoads(0x5566_7788L, 0xffd, 4);
    assertLoads(0x1122_3344L, 0x1001, 4);
  }

  @Test
  void anAccessAcrossTwoMemoriesIsSplit() {
    place(0x0000, ram("low", 0x1000));
    place(0x1000, ram("high", 0x1000));
    assertStores(0xffd, 8, 0x1122_3344_5566_7788L);
    assertLoads(0x1122_3344_5566_7788L, 0xffd, 8);
    assertLoads(0x66_7788L, 0xffd, 2, 1);
    assertLoads(0x44, 0x1001, 1);
  }

  private void assertLoads(long expected, long address, int first, int second) {
    assertEquals(expected, load(address, first) | load(address + first, second) << 8 * first);
  }

  @Test
  void anAccessAcrossTwoMemoriesInOnePageIsSplit() {
    place(0x100, ram("low", 0x23));
    place(0x123, ram("high", 0x100));
    assertStores(0x11f, 8, 0x1122_3344_5566_7788L);
    assertLoads(0x1122_3344_5566_7788L, 0x11f, 8);
    assertLoads(0x5566_7788L, 0x11f, 4);
    assertLoads(0x1122_3344L, 0x123, 4);
  }

  @Test
  void anAccessFromMemoryIntoADeviceIsCutAtTheEdge() {
    place(0x0000, ram("ram", 0x1000));
    place(0x1000, device("device", 0x1000));
    assertStores(0xffe, 4, 0x4433_2211);
    assertEquals(List.of("write 2 @0 = 4433"), registers.asked);
    registers.asked.clear();
    assertLoads(0x2211, 0xffe, 4);
    assertEquals(List.of("read 2 @0"), registers.asked);
  }

  @Test
  void anAccessFromMemoryIntoAHoleTransfersWhatItCan() {
    place(0, ram("ram", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0xffe, 4, 0x4433_2211));
    assertLoads(0x2211, 0xffe, 2);
    assertEquals(0x2211, load(0xffe, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void anAccessGoesOnAfterAFailure() {
    place(0x0000, ram("low", 0x1000));
    place(0x1000, memory.reserved("gap", Size.bytes(2)));
    place(0x1002, ram("high", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0xffe, 8, 0x8877_6655_4433_2211L));
    assertLoads(0x2211, 0xffe, 2);
    assertLoads(0x8877_6655L, 0x1002, 4);
    assertEquals(0x8877_6655_0000_2211L, load(0xffe, 8));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void anAccessAcrossAReadOnlyEdgeStoresTheWritablePart() {
    place(0x0000, ram("ram", 0x1000));
    place(0x1000, rom("rom", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0xffe, 4, 0x4433_2211));
    assertLoads(0x2211, 0xffe, 4);
  }

  @Test
  void anAccessAcrossOverlaysMeetsEachOfThem() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram, 0);
    place(0x802, device("two bytes", 2), 1);
    assertStores(0x800, 8, 0x8877_6655_4433_2211L);
    assertEquals(List.of("write 2 @0 = 4433"), registers.asked);
    enable(system.children().getFirst(), false);
    assertLoads(0x8877_6655_0000_2211L, 0x800, 8);
  }

  // Refusals

  @Test
  void aHoleReadsAsZeroWithADecodeError() {
    assertDecodeErrorOnLoad(0x1000, 4);
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1000, 4, 1));
  }

  @Test
  void aReservedPlaceReadsAsZeroWithADecodeError() {
    place(0, memory.reserved("reserved", Size.kib(4)));
    assertDecodeErrorOnLoad(0, 8);
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 8, 1));
  }

  @Test
  void aStoreToRomIsIgnoredWithADecodeError() {
    MemoryRegion rom = rom("rom", 0x1000);
    place(0, rom);
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 0xdead_beefL));
    assertLoads(0, 0, 4);
  }

  @Test
  void readOnlyMemoryRefusesStores() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    memory.update(tx -> tx.setReadOnly(ram, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 0x5678));
    assertLoads(0x1234, 0, 4);
  }

  @Test
  void memorySeenThroughAReadOnlyAliasRefusesStoresThereOnly() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion pam = alias("pam", ram, 0, 0x1000);
    place(0x4000, ram);
    place(0, pam);
    memory.update(tx -> tx.setReadOnly(pam, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 0x1234));
    assertStores(0x4000, 4, 0x5678);
    assertLoads(0x5678, 0, 4);
  }

  @Test
  void memoryInAReadOnlyContainerRefusesStores() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0, ram("ram", 0x1000));
    place(0, bus);
    memory.update(tx -> tx.setReadOnly(bus, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 0x1234));
    assertLoads(0, 0, 4);
  }

  @Test
  void aReadOnlyDeviceIsReadAndNotWritten() {
    MemoryRegion device = device("device", 0x1000);
    place(0, device);
    memory.update(tx -> tx.setReadOnly(device, true));
    assertLoads(0x10, 0x10, 4);
    assertEquals(MemTxResult.DECODE_ERROR, store(0x10, 4, 1));
    assertEquals(List.of("read 4 @10"), registers.asked);
  }

  @Test
  void theLastResultIsOfTheLastAccessOnly() {
    place(0, ram("ram", 0x1000));
    assertEquals(MemTxResult.OK, reader.lastResult());
    load(0x9000, 4);
    assertFalse(reader.lastResult().isOk());
    load(0, 4);
    assertTrue(reader.lastResult().isOk());
    store(0x9000, 4, 0);
    assertTrue(reader.lastResult().has(MemTxResult.DECODE_ERROR));
    store(0, 4, 0);
    assertTrue(reader.lastResult().isOk());
  }

  // Devices

  @Test
  void aDeviceGetsOffsetSizeAndZeroExtendedValue() {
    place(0x1000, device("device", 0x1000));
    assertStores(0x1010, 2, 0xffff_1234L);
    assertStores(0x1018, 8, -1);
    load(0x1020, 1);
    assertEquals(List.of("write 2 @10 = 1234", "write 8 @18 = ffffffffffffffff", "read 1 @20"), registers.asked);
  }

  @Test
  void bitsAboveTheSizeOfADevicesAnswerAreIgnored() {
    place(0, memory.mmio("device", Size.kib(4), new Registers().reading(-1)));
    assertLoads(0xff, 0, 1);
    assertLoads(0xffff, 0, 2);
    assertLoads(0xffff_ffffL, 0, 4);
    assertLoads(-1, 0, 8);
  }

  @Test
  void aDeviceBehindAnAliasGetsItsOwnOffset() {
    place(0x8000, alias("window", device("device", 0x1000), 0x400, 0x100));
    assertLoads(0x410, 0x8010, 4);
  }

  @Test
  void aDeviceMayUseTheReaderThatIsAccessingIt() {
    place(0x8000, ram("ram", 0x1000));
    place(0, memory.mmio("dma", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        reader.store(space, 0x8000, 4, 0x99);
        reader.load(space, 0xdead_0000L, 4);
        return 0x42;
      }

      @Override
      public void write(long offset, int size, long value) {
        reader.store(space, 0xdead_0000L, 4, 0);
        reader.store(space, 0x8000 + offset, size, value);
      }
    }));
    assertLoads(0x42, 0, 4);
    assertLoads(0x99, 0x8000, 4);
    assertStores(0x10, 4, 0x1234);
    assertLoads(0x1234, 0x8010, 4);
  }

  @Test
  void aDeviceUsingItsReaderInTheMiddleOfASplitAccessDoesNotDisturbIt() {
    place(0x0000, ram("ram", 0x1000));
    place(0x1000, memory.mmio("device", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        reader.load(space, 0x9000, 8);
        return 0xa0 + offset;
      }

      @Override
      public void write(long offset, int size, long value) {
        reader.store(space, 0x9000, 8, 0);
      }
    }));
    assertStores(0xffe, 4, 0x4433_2211);
    assertLoads(0x00a0_2211L, 0xffe, 4);
  }

  @Test
  void aDeviceMayChangeTheMapWhileItIsAccessed() {
    MemoryRegion.Container bus = container("bus", 0x2000);
    MemoryRegion ram = ram("ram", 0x1000);
    MmioHandler handler = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        memory.update(tx -> tx.setEnabled(ram, value != 0));
      }
    };
    memory.update(tx -> tx
        .addSubregion(bus, 0, ram)
        .addSubregion(bus, 0x1000, memory.mmio("switch", Size.kib(4), handler))
        .addSubregion(system, 0, bus));
    try (ReadSection _ = reader.enter()) {
      assertStores(0x1000, 1, 0);
      assertLoads(0, 0, 4);
    }
    assertDecodeErrorOnLoad(0, 4);
    assertStores(0x1000, 1, 1);
    assertLoads(0, 0, 4);
  }

  // ROM devices

  @Test
  void aRomDeviceReadsItsMemoryAndWritesItsDevice() {
    place(0, memory.romDevice("flash", Size.kib(4), registers));
    assertLoads(0, 0x10, 4);
    assertStores(0x10, 4, 0x90);
    assertLoads(0, 0x10, 4);
    assertEquals(List.of("write 4 @10 = 90"), registers.asked);
  }

  @Test
  void aRomDeviceOutOfRomModeReadsItsDevice() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), registers);
    place(0, flash);
    memory.update(tx -> tx.setRomdMode(flash, false));
    assertLoads(0x10, 0x10, 4);
    memory.update(tx -> tx.setRomdMode(flash, true));
    assertLoads(0, 0x10, 4);
    assertEquals(List.of("read 4 @10"), registers.asked);
  }

  @Test
  void aReadOnlyRomDeviceRefusesWrites() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), registers);
    place(0, flash);
    memory.update(tx -> tx.setReadOnly(flash, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 1));
    assertEquals(List.of(), registers.asked);
  }

  @Test
  void aWriteAcrossTheEndOfARomDeviceIsCutThere() {
    place(0, memory.romDevice("flash", Size.kib(4), registers));
    assertEquals(MemTxResult.DECODE_ERROR, store(0xffe, 4, 0x4433_2211));
    assertEquals(List.of("write 2 @ffe = 2211"), registers.asked);
  }

  // Sections

  @Test
  void anAccessOutsideASectionHasOneOfItsOwn() {
    place(0, memory.mmio("probe", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return policy.openSections();
      }

      @Override
      public void write(long offset, int size, long value) {
        assertEquals(value, policy.openSections());
      }
    }));
    assertLoads(1, 0, 4);
    assertStores(0, 4, 1);
    assertEquals(0, policy.openSections());
  }

  @Test
  void anAccessInsideASectionSeesItsGeneration() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      remove(ram);
      assertLoads(0x1234, 0, 4);
    }
    assertDecodeErrorOnLoad(0, 4);
  }

  @Test
  void readersHaveLastResultsOfTheirOwn() {
    try (MapReader other = memory.newReader("vcpu1")) {
      other.load(space, 0x9000, 4);
      assertFalse(other.lastResult().isOk());
      assertTrue(reader.lastResult().isOk());
    }
  }
}
