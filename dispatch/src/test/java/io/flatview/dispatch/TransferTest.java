package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioRules;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers of any length, byte orders, atomic operations, and what debuggers do. */
class TransferTest extends OnAMachine {

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  private byte[] read(long address, int length, MemTxResult expected) {
    byte[] bytes = counting(length);
    assertEquals(expected, reader.read(space, address, bytes, 0, length));
    return bytes;
  }

  @Test
  void aFillStoresOneByteEverywhereAndGoesOnAfterAFailure() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT.withValid(AccessSizes.aligned(4, 4)));
    place(0x1000, ram("ram", 0x100));
    place(0x1104, memory.mmio("device", Size.bytes(16), device));
    assertEquals(MemTxResult.DECODE_ERROR, reader.fill(space, 0x10fd, 15, (byte) 0xa5, MemTxAttrs.UNSPECIFIED));
    assertArrayEquals(new byte[] {0, (byte) 0xa5, (byte) 0xa5, (byte) 0xa5}, read(0x10fc, 4, MemTxResult.OK));
    assertEquals(List.of("w4@0/ffffffff", "w4@4/ffffffff"), device.asked);
    assertLoads(0xa5a5_a5a5L, 0x1108, 4);
    assertEquals(MemTxResult.OK, reader.fill(space, 0x1000, 0x100, (byte) 0, MemTxAttrs.UNSPECIFIED));
    assertLoads(0, 0x10f8, 8);
  }

  @Test
  void valuesComeInTheOrderAskedFor() {
    place(0, ram("ram", 0x1000));
    reader.store(space, 1, 4, 0x0102_0304, ByteOrder.BIG_ENDIAN, MemTxAttrs.UNSPECIFIED);
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 0}, read(0, 6, MemTxResult.OK));
    assertLoads(0x0403_0201, 1, 4);
    assertEquals(0x0102, reader.load(space, 1, 2, ByteOrder.BIG_ENDIAN, MemTxAttrs.UNSPECIFIED));
    assertEquals(0x0403_0201, reader.load(space, 1, 4, ByteOrder.LITTLE_ENDIAN, MemTxAttrs.UNSPECIFIED));
  }

  @Test
  void aLongTransferGoesOnAfterEachFailureAndJoinsThem() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT.withValid(AccessSizes.aligned(4, 4)));
    place(0x0ffe, ram("ram", 2));
    place(0x1004, memory.mmio("device", Size.bytes(16), device));
    place(0x1014, rom("rom", 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.write(space, 0x0ffe, counting(28), 0, 28));
    assertArrayEquals(
        new byte[] {1, 2, 0, 0, 0, 0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 0, 0, 0, 0, 0, 0},
        read(0x0ffe, 28, MemTxResult.DECODE_ERROR));
    assertEquals(List.of("w4@0/ffffffff", "w4@4/ffffffff", "w4@8/ffffffff", "w4@12/ffffffff", "r4@0", "r4@4", "r4@8",
        "r4@12"), device.asked);
  }

  @Test
  void aTransferIsCutIntoTheLargestValidAlignedAccesses() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT);
    place(0x1000, memory.mmio("device", Size.bytes(16), device));
    read(0x1001, 14, MemTxResult.OK);
    assertEquals(List.of("r1@1", "r2@2", "r4@4", "r4@8", "r2@12", "r1@14"), device.asked);
  }

  @Test
  void peekingCallsNoDevice() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT);
    place(0x1000, memory.mmio("device", Size.bytes(16), device));
    place(0x1010, ram("ram", 16));
    store(0x1010, 1, 0x55);
    byte[] seen = counting(18);
    assertEquals(MemTxResult.ACCESS_ERROR, reader.peek(space, 0x1000, MemorySegment.ofArray(seen)));
    byte[] expected = new byte[18];
    expected[16] = 0x55;
    assertArrayEquals(expected, seen);
    assertEquals(MemTxResult.ACCESS_ERROR, reader.poke(space, 0x1008, MemorySegment.ofArray(counting(16))));
    assertLoads(9, 0x1010, 1);
    assertEquals(List.of(), device.asked);
  }

  @Test
  void memoryThatLiesOverADeviceIsPeekedAndPoked() {
    place(0x1000, memory.mmio("device", Size.bytes(16), new RuledDevice(MmioRules.DEFAULT)));
    place(0x1002, ram("ram", 3));
    assertEquals(MemTxResult.ACCESS_ERROR, reader.poke(space, 0x1000, MemorySegment.ofArray(counting(8))));
    assertLoads(0x0403, 0x1002, 2);
    byte[] seen = counting(8);
    assertEquals(MemTxResult.ACCESS_ERROR, reader.peek(space, 0x1000, MemorySegment.ofArray(seen)));
    assertArrayEquals(new byte[] {0, 0, 3, 4, 5, 0, 0, 0}, seen);
  }

  @Test
  void aDebuggersStoreIsPredictedAndMappedWhereItIsMade() {
    MemTxAttrs debugger = MemTxAttrs.UNSPECIFIED.asDebug();
    MemoryRegion.Ram kept = memory.ram("kept", RamBacking.of(Arena.ofAuto().allocate(8, 8).asReadOnly()));
    MemoryRegion.Ram sealed = ram("sealed", 8);
    place(0, memory.rom("rom", Size.bytes(8)));
    place(8, sealed);
    place(0x10, memory.romDevice("flash", Size.bytes(8), new RuledDevice(MmioRules.DEFAULT)));
    place(0x18, kept);
    memory.update(tx -> tx.setReadOnly(sealed, true));
    for (long at : List.of(0L, 8L, 0x10L)) {
      assertTrue(reader.isAccessible(space, at, 8, Access.WRITE, debugger));
      try (MappedWindow window = space.map(at, 8, Access.WRITE, debugger).whole()) {
        window.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 0x5a);
        assertTrue(window.isDirect());
        assertEquals(MemTxResult.OK, window.unmap(1));
      }
      assertLoads(0x5a, at, 1);
    }
    assertFalse(reader.isAccessible(space, 0x18, 8, Access.WRITE, debugger));
    assertInstanceOf(MapResult.Failed.class, space.map(0x18, 8, Access.WRITE, debugger));
    assertFalse(reader.isAccessible(space, 0, 8, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    assertInstanceOf(MapResult.Failed.class, space.map(0, 8, Access.WRITE));
  }

  @Test
  void pokingWritesWhatGuestsCanOnlyRead() {
    place(0, rom("rom", 0x1000));
    assertEquals(MemTxResult.DECODE_ERROR, store(0x10, 4, 1));
    assertEquals(MemTxResult.OK, reader.poke(space, 0x10, MemorySegment.ofArray(counting(4))));
    assertLoads(0x0403_0201, 0x10, 4);
    assertEquals(MemTxResult.OK, reader.store(
        space, 0x10, 2, 0x77, ByteOrder.LITTLE_ENDIAN, MemTxAttrs.UNSPECIFIED.asDebug()));
    assertLoads(0x0403_0077, 0x10, 4);
  }

  @Test
  void accessibleIsWhatAnAccessWouldGetThrough() {
    place(0, ram("ram", 0x1000));
    place(0x1000, rom("rom", 0x1000));
    assertTrue(reader.isAccessible(space, 0, 0x2000, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertFalse(reader.isAccessible(space, 0, 0x1001, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    assertFalse(reader.isAccessible(space, 0, 0x2001, Access.READ, MemTxAttrs.UNSPECIFIED));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void compareAndExchangeReplacesWhatIsAsExpectedAndNothingAround(int size) {
    place(0, ram("ram", 0x1000));
    reader.write(space, 0, counting(32), 0, 32);
    long old = load(8, size);
    assertEquals(old, reader.compareAndExchange(space, 8, size, old + 1, -1));
    assertLoads(old, 8, size);
    assertEquals(old, reader.compareAndExchange(space, 8, size, old, -2));
    byte[] expected = counting(32);
    for (int i = 0; i < size; i++) {
      expected[8 + i] = (byte) (i == 0 ? -2 : -1);
    }
    assertArrayEquals(expected, read(0, 32, MemTxResult.OK));
  }

  @ParameterizedTest
  @EnumSource
  void fetchAndOpGivesWhatWasThereAndLeavesTheResult(AtomicOp op) {
    place(0, ram("ram", 0x1000));
    for (int size : new int[] {1, 2, 4, 8}) {
      for (long operand : new long[] {3, -1, 0x7f, 0x80}) {
        long mask = -1L >>> (64 - 8 * size);
        store(8, size, 0x85);
        assertEquals(0x85, reader.fetchAndOp(space, 8, size, op, operand));
        assertLoads(op.apply(0x85, operand, size) & mask, 8, size);
      }
    }
  }

  @Test
  void signedAndUnsignedOrderDiffer() {
    assertEquals(-1, (byte) AtomicOp.MIN.apply(0x05, 0xff, 1));
    assertEquals(5, AtomicOp.MIN_UNSIGNED.apply(0x05, 0xff, 1));
    assertEquals(5, AtomicOp.MAX.apply(0x05, 0xff, 1));
    assertEquals(0xff, AtomicOp.MAX_UNSIGNED.apply(0x05, 0xff, 1));
    assertEquals(5, AtomicOp.MIN.apply(0xff, 0x05, 2));
  }

  /** The 4 bytes around a small value are those of the host's memory, not of the region. */
  @Test
  void smallAtomicOperationsWorkInMemoryThatBeginsAnywhere() {
    MemorySegment odd = Arena.global().allocate(0x40, 8).asSlice(2, 0x10);
    place(0, memory.ram("odd", RamBacking.of(odd)));
    assertEquals(0, reader.fetchAndOp(space, 2, 2, AtomicOp.ADD, 0x1234));
    assertEquals(0x1234, reader.compareAndExchange(space, 2, 2, 0x1234, 0x5678));
    assertEquals(0x56, reader.fetchAndOp(space, 3, 1, AtomicOp.ADD, 1));
    assertLoads(0x5778_0000, 0, 4);
    reader.fetchAndOp(space, 0, 2, AtomicOp.ADD, 1);
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
    reader.fetchAndOp(space, 0xe, 2, AtomicOp.ADD, 1);
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
  }

  @Test
  void anAtomicOperationThatCannotBeOneDoesNothing() {
    Registers device = new Registers();
    place(0, ram("ram", 0x1000));
    place(0x1000, memory.mmio("device", Size.kib(4), device));
    place(0x2000, rom("rom", 0x1000));
    assertEquals(0, reader.fetchAndOp(space, 2, 4, AtomicOp.ADD, 1));
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
    assertEquals(0, reader.fetchAndOp(space, 0x1000, 4, AtomicOp.ADD, 1));
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
    assertEquals(0, reader.compareAndExchange(space, 0x2000, 4, 0, 1));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(0, reader.compareAndExchange(space, 0x9000, 4, 0, 1));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(List.of(), device.asked);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void nothingIsLostBetweenTwoThreads(int size) throws InterruptedException {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    int rounds = 20_000;
    Thread other = Thread.ofPlatform().start(() -> add(memory.reader(), size, rounds));
    add(reader, size, rounds);
    other.join();
    assertLoads(2L * rounds & -1L >>> (64 - 8 * size), 8, size);
  }

  private void add(MapReader own, int size, int rounds) {
    for (int i = 0; i < rounds; i++) {
      own.fetchAndOp(space, 8, size, AtomicOp.ADD, 1);
    }
  }
}
