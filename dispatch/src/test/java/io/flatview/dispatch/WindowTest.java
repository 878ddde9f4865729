package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Windows on memory and on devices: how far they reach, how long they last, and what their end does. */
class WindowTest extends OnAMachine {

  private MappedWindow whole(long address, long length, Access access) {
    return assertInstanceOf(MapResult.Whole.class, space.map(address, length, access)).window();
  }

  private MappedWindow part(long address, long length, Access access) {
    return assertInstanceOf(MapResult.Part.class, space.map(address, length, access)).window();
  }

  private void assertFails(long address, Access access) {
    assertEquals(new MapResult.Failed(MemTxResult.DECODE_ERROR), space.map(address, 4, access));
  }

  private static byte at(MappedWindow window, long offset) {
    return window.segment().get(ValueLayout.JAVA_BYTE, offset);
  }

  // Memory

  @Test
  void aWindowIsTheMemoryItself() {
    place(0x1000, ram("ram", 0x1000));
    MappedWindow window = whole(0x1100, 0x100, Access.WRITE);
    assertTrue(window.isDirect());
    assertEquals(0x100, window.segment().byteSize());
    window.segment().set(ValueLayout.JAVA_BYTE, 0xff, (byte) 7);
    assertLoads(7, 0x11ff, 1);
    assertStores(0x1100, 1, 9);
    assertEquals(9, at(window, 0));
    assertEquals(MemTxResult.OK, window.unmap(0x100));
  }

  @Test
  void aWindowForReadingCannotBeWritten() {
    place(0, rom("rom", 0x1000));
    try (MappedWindow window = whole(0, 4, Access.READ)) {
      assertThrows(IllegalArgumentException.class, () -> window.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
    }
    assertFails(0, Access.WRITE);
  }

  @Test
  void aWindowThatDoesNotHoldEverythingIsAnotherType() {
    place(0x1000, ram("ram", 0x1000));
    try (MappedWindow window = part(0x1f00, 0x101, Access.READ)) {
      assertEquals(0x100, window.length());
    }
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> space.map(0x1f00, 0x101, Access.WRITE).whole());
    assertNames(refused, "0000000000001f00-0000000000001fff", "'memory'", "shorter");
    assertRefused(IllegalStateException.class, () -> space.map(0, 1, Access.READ).whole(), "DECODE_ERROR");
  }

  @Test
  void aWindowReachesOverSectionsThatContinueEachOther() {
    MemoryRegion.Ram ram = ram("ram", 0x4000);
    memory.update(tx -> tx.addSubregion(system, 0x1000, alias("low", ram, 0, 0x2000))
        .addSubregion(system, 0x3000, alias("high", ram, 0x2000, 0x2000)).setUnmergeable(ram, true));
    assertEquals(2, space.flatView().sections().size());
    try (MappedWindow window = whole(0x1800, 0x3000, Access.READ)) {
      assertStores(0x47f8, 1, 5);
      assertEquals(5, at(window, 0x2ff8));
    }
    place(0x5000, alias("again", ram, 0, 0x1000));
    try (MappedWindow window = part(0x4000, 0x2000, Access.READ)) {
      assertEquals(0x1000, window.length());
    }
  }

  @Test
  void aWindowEndsWithTheAddresses() {
    place(-0x1000, ram("ram", 0x1000));
    try (MappedWindow window = part(-0x10, 0x20, Access.READ)) {
      assertEquals(0x10, window.length());
    }
  }

  @Test
  void aWindowThroughAnIommuEndsWhereItsBlocksStopFollowingEachOther() {
    MemoryRegion.Ram ram = ram("ram", 0x4000);
    place(0, ram);
    IommuTranslator twoThenBack = (address, _, _, _, entry) ->
        entry.grant(space, address < 0x2000 ? address + 0x1000 : 0, 0xfff, true, true);
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL, twoThenBack));
    MapResult.Part mapped = assertInstanceOf(MapResult.Part.class, dma.map(0x10, 0x4000, Access.WRITE));
    assertEquals(0x1ff0, mapped.window().length());
    mapped.window().segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
    mapped.window().unmap(1);
    assertLoads(3, 0x1010, 1);
  }

  @Test
  void readOnlyMemoryAndHolesCannotBeMappedForWriting() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0x1000, ram);
    memory.update(tx -> tx.setReadOnly(system, true));
    assertFails(0x1000, Access.WRITE);
    whole(0x1000, 4, Access.READ).close();
    assertFails(0x5000, Access.READ);
    place(0x5000, memory.reserved("reserved", Size.kib(4)));
    assertFails(0x5000, Access.READ);
    assertFails(0x5000, Access.WRITE);
  }

  // Lifetime

  @Test
  void aWindowKeepsItsMemoryWhenTheRegionIsGone() throws Exception {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 1, 5);
    MappedWindow window = whole(0, 0x10, Access.WRITE);
    remove(ram);
    ram.close();
    policy.runGracePeriod();
    CompletableFuture<Void> released = ram.released().toCompletableFuture();
    assertFalse(released.isDone());
    assertEquals(5, at(window, 0));
    window.unmap(0);
    released.get(60, TimeUnit.SECONDS);
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void aWindowOutlivesTheMemorySystem() {
    DispatchMemory other = DispatchMemory.create(policy);
    AddressSpace short_ = other.addressSpace("short", other.ram("ram", Size.kib(4)));
    MappedWindow window = short_.map(0, 4, Access.READ).whole();
    other.close();
    policy.runGracePeriod();
    assertEquals(0, at(window, 3));
    window.close();
    assertEquals(0, other.statistics().ramBlocks());
    assertRefused(IllegalStateException.class, () -> short_.map(0, 4, Access.READ), "'short'", "closed");
  }

  @Test
  void aWindowEndsOnce() {
    place(0x1000, ram("ram", 0x1000));
    MappedWindow window = whole(0x1000, 4, Access.WRITE);
    assertRefused(IllegalArgumentException.class, () -> window.unmap(5), "5 bytes", "0000000000001000", "'memory'");
    window.unmap(4);
    assertRefused(IllegalStateException.class, window::segment, "0000000000001000-0000000000001003", "ended");
    assertRefused(IllegalStateException.class, () -> window.unmap(0), "ended");
    window.close();
  }

  @Test
  void closingAWindowForWritingWithoutSayingHowMuchIsAnError() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0x1000, ram);
    MappedWindow window = whole(0x1000, 4, Access.WRITE);
    assertRefused(IllegalStateException.class, window::close, "0000000000001000", "unmap");
    window.close();
    remove(ram);
    ram.close();
    policy.runGracePeriod();
    assertTrue(ram.released().toCompletableFuture().isDone());
  }

  // Bounce buffers

  private Registers device(long address, long size) {
    Registers registers = new Registers();
    place(address, memory.mmio("device", Size.bytes(size), registers));
    return registers;
  }

  @Test
  void aDeviceIsReadWhenItsWindowIsMapped() {
    Registers registers = device(0x1000, 0x100).reading(0x0807_0605_0403_0201L);
    try (MappedWindow window = whole(0x1000, 8, Access.READ)) {
      assertFalse(window.isDirect());
      assertEquals(0x0807_0605_0403_0201L, window.segment().get(ValueLayout.JAVA_LONG, 0));
    }
    assertEquals(List.of("read 8 @0"), registers.asked);
  }

  @Test
  void aDeviceIsWrittenWhenItsWindowEndsAndOnlyAsFarAsSaid() {
    Registers registers = device(0x1000, 0x100);
    MappedWindow window = whole(0x1002, 14, Access.WRITE);
    window.segment().fill((byte) 0x11);
    assertEquals(List.of(), registers.asked);
    assertEquals(MemTxResult.OK, window.unmap(8));
    assertEquals(List.of("write 2 @2 = 1111", "write 4 @4 = 11111111", "write 2 @8 = 1111"), registers.asked);
  }

  /** Notes the readers that ask. */
  private static final class Doorman implements MmioDevice {

    private final List<String> asked = new ArrayList<>();

    @Override
    public MmioRules rules() {
      return MmioRules.DEFAULT.withValid(new AccessSizes(1, 2, false));
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      asked.add("read " + size + " for " + tx.attributes().requesterId());
      return 0;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      asked.add("write " + size + " for " + tx.attributes().requesterId());
    }
  }

  /** Two tables behind one IOMMU: requester 2 reaches the device, others what is beside it. */
  @Test
  void aWindowIsItsInitiatorsThroughIommusAndToDevices() {
    Doorman doorman = new Doorman();
    place(0x2000, memory.mmio("doorman", Size.kib(4), doorman));
    IommuTranslator byRequester = new IommuTranslator() {
      @Override
      public void translate(long address, Access access, int index, MapReader by, IommuTlbEntry entry) {
        entry.grant(space, 0x1000L * index, 0xfff, true, true);
      }

      @Override
      public int indexOf(MemTxAttrs attributes) {
        return attributes.requesterId();
      }

      @Override
      public int indexes() {
        return 3;
      }
    };
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL, byRequester));
    MemTxAttrs second = MemTxAttrs.ofRequester(2);
    assertInstanceOf(MapResult.Failed.class, dma.map(0, 4, Access.READ, MemTxAttrs.ofRequester(1)));
    dma.map(0, 4, Access.READ, second).whole().close();
    MappedWindow window = dma.map(0, 4, Access.WRITE, second).whole();
    assertEquals(second, window.attributes());
    assertEquals(MemTxResult.OK, window.unmap(4));
    assertEquals(List.of("read 2 for 2", "read 2 for 2", "write 2 for 2", "write 2 for 2"), doorman.asked);
    assertEquals(new MapResult.Failed(MemTxResult.ACCESS_ERROR), dma.map(0, 4, Access.WRITE, second.forMemory()));
  }

  @Test
  void aDeviceGetsNothingFromAWindowThatIsGivenUp() {
    Registers registers = device(0x1000, 0x100);
    assertThrows(IllegalStateException.class, whole(0x1000, 8, Access.WRITE)::close);
    whole(0x1000, 8, Access.WRITE).unmap(0);
    assertEquals(List.of(), registers.asked);
  }

  @Test
  void bytesForADeviceDoNotGoToItsSuccessor() {
    MemoryRegion.Mmio first = memory.mmio("first", Size.kib(4), new Registers());
    place(0x1000, first);
    MappedWindow window = whole(0x1000, 8, Access.WRITE);
    Registers successor = new Registers();
    memory.update(tx -> tx.delSubregion(first)
        .addSubregion(system, 0x1000, memory.mmio("second", Size.kib(4), successor)));
    assertEquals(MemTxResult.DECODE_ERROR, window.unmap(8));
    assertEquals(List.of(), successor.asked);
  }

  @Test
  void aBounceBufferEndsWithItsDevice() {
    device(0x1000, 0x100);
    device(0x1100, 0x100);
    MappedWindow window = part(0x10f0, 0x20, Access.WRITE);
    assertEquals(0x10, window.length());
    window.unmap(0);
  }

  /** The IOMMU leads elsewhere as soon as it was found that it still leads to the device. */
  @Test
  void aBounceBufferDoesNotFollowAnIommuThatChangesItsMind() {
    Registers mapped = device(0x1000, 0x100);
    Registers other = new Registers();
    place(0x2000, memory.mmio("other", Size.bytes(0x100), other));
    int[] asksLeft = {Integer.MAX_VALUE};
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL,
        (_, _, _, _, entry) -> entry.grant(space, asksLeft[0]-- > 0 ? 0x1000 : 0x2000, 0xfff, true, true)));
    MappedWindow window = dma.map(0x10, 4, Access.WRITE).whole();
    asksLeft[0] = 1;
    assertEquals(MemTxResult.OK, window.unmap(4));
    assertEquals(List.of("write 4 @10 = 0"), mapped.asked);
    assertEquals(List.of(), other.asked);
    MappedWindow late = dma.map(0x10, 4, Access.WRITE).whole();
    asksLeft[0] = Integer.MAX_VALUE;
    assertEquals(MemTxResult.DECODE_ERROR, late.unmap(4));
    assertEquals(List.of(), other.asked);
  }

  /** Smaller pages that lead where the large one led are as good. */
  @Test
  void aBounceBufferIsWrittenThroughWhateverBlocksLeadToItsDevice() {
    Registers registers = device(0x1000, 0x100);
    long[] mask = {0xfff};
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL,
        (address, _, _, _, entry) -> entry.grant(space, 0x1000 + (address & 0xfff), mask[0], true, true)));
    MappedWindow window = dma.map(0x0, 16, Access.WRITE).whole();
    window.segment().fill((byte) 0x22);
    mask[0] = 7;
    assertEquals(MemTxResult.OK, window.unmap(16));
    assertEquals(2, registers.asked.size());
  }

  @Test
  void bounceSpaceIsLimitedForEachAddressSpaceAndItsReturnIsTold() {
    device(0, 0x10000);
    AddressSpace other = memory.addressSpace("other", system);
    MappedWindow first = whole(0, 0x800, Access.WRITE);
    MappedWindow second = part(0x800, 0x1000, Access.WRITE);
    assertEquals(0x800, second.length());
    MapResult.Busy busy = assertInstanceOf(MapResult.Busy.class, space.map(0, 1, Access.READ));
    assertRefused(IllegalStateException.class, busy::whole, "bounce space");
    assertInstanceOf(MapResult.Whole.class, other.map(0, 0x1000, Access.WRITE)).window().unmap(0);
    CompletableFuture<Void> room = busy.room().toCompletableFuture();
    assertFalse(room.isDone());
    first.unmap(0);
    assertTrue(room.isDone());
    whole(0, 0x800, Access.WRITE).unmap(0);
    second.unmap(0);
    whole(0, 0x1000, Access.WRITE).unmap(0);
  }

  /** Forbidden: the thread that closes a window calls a user again and again whose room another user took. */
  @Test
  void aUserWhoseRoomIsTakenWaitsForTheNextWindowThatEnds() {
    device(0, 0x10000);
    MappedWindow first = whole(0, 0x1000, Access.WRITE);
    List<MappedWindow> windows = new ArrayList<>();
    int[] attempts = new int[2];
    for (int user = 0; user < attempts.length; user++) {
      await(user, attempts, windows);
    }
    first.unmap(0);
    assertEquals(List.of(1, 1), List.of(attempts[0], attempts[1]));
    windows.removeFirst().unmap(0);
    assertEquals(List.of(1, 2), List.of(attempts[0], attempts[1]));
    windows.removeFirst().unmap(0);
  }

  private void await(int user, int[] attempts, List<MappedWindow> windows) {
    assertInstanceOf(MapResult.Busy.class, space.map(0, 0x1000, Access.WRITE)).room()
        .thenRun(() -> mapAgain(user, attempts, windows));
  }

  private void mapAgain(int user, int[] attempts, List<MappedWindow> windows) {
    if (++attempts[user] > 10) {
      return;
    }
    switch (space.map(0, 0x1000, Access.WRITE)) {
      case MapResult.Whole(MappedWindow window) -> windows.add(window);
      case MapResult.Busy(CompletionStage<Void> room) -> room.thenRun(() -> mapAgain(user, attempts, windows));
      case MapResult.Part _, MapResult.Failed _ -> throw new AssertionError("no bounce space is left over");
    }
  }

  @Test
  void memoryNeedsNoBounceSpace() {
    device(0, 0x1000);
    place(0x1_0000, ram("ram", 0x10_0000));
    MappedWindow bounced = whole(0, 0x1000, Access.WRITE);
    whole(0x1_0000, 0x10_0000, Access.READ).close();
    bounced.unmap(0);
  }

  @Test
  void aDeviceThatThrowsWhenReadKeepsNoBounceSpace() {
    place(0, memory.mmio("bad", Size.kib(4), new FailingDevice()));
    for (int i = 0; i < 3; i++) {
      assertThrows(ArithmeticException.class, () -> space.map(0, 0x1000, Access.READ));
    }
    whole(0, 0x1000, Access.WRITE).unmap(0);
  }

  /** Fails when read. */
  private static final class FailingDevice implements io.flatview.memory.MmioHandler {
    @Override
    public long read(long offset, int size) {
      throw new ArithmeticException("broken");
    }

    @Override
    public void write(long offset, int size, long value) {}
  }

  @Test
  void aRomDeviceIsMemoryToReadAndADeviceToWrite() {
    Registers registers = new Registers();
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), registers);
    place(0, flash);
    try (MappedWindow window = whole(0, 0x1000, Access.READ)) {
      assertTrue(window.isDirect());
    }
    MappedWindow window = whole(0, 4, Access.WRITE);
    assertFalse(window.isDirect());
    window.unmap(4);
    assertEquals(List.of("write 4 @0 = 0"), registers.asked);
    memory.update(tx -> tx.setRomdMode(flash, false));
    try (MappedWindow bounced = whole(0, 4, Access.READ)) {
      assertFalse(bounced.isDirect());
    }
  }

  // Misuse

  @Test
  void aWindowOfNothingIsRefused() {
    assertRefused(IllegalArgumentException.class, () -> space.map(0, 0, Access.READ), "'memory'", "0 bytes");
  }
}
