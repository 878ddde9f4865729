package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.MmioRules.SmallWrites;
import io.flatview.memory.Size;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of an access on its way to a device with rules. */
class MmioRulesTest extends OnAMachine {

  private RuledDevice place(MmioRules rules) {
    RuledDevice device = new RuledDevice(rules);
    place(0x1000, memory.mmio("device", Size.bytes(16), device));
    return device;
  }

  private static MmioRules implementing(int min, int max, boolean unaligned) {
    return MmioRules.DEFAULT.withImplemented(new AccessSizes(min, max, unaligned));
  }

  private static List<String> calls(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }

  @ParameterizedTest(name = "implements {0} to {1}, unaligned {2}: {4} bytes at {3}")
  @CsvSource({
    "1, 8, true,   3, 8, r8@3",
    "1, 4, false,  0, 4, r4@0",
    "1, 4, false,  0, 8, r4@0 r4@4",
    "1, 4, false,  1, 4, r1@1 r2@2 r1@4",
    "1, 4, false,  2, 4, r2@2 r2@4",
    "1, 4, false,  3, 8, r1@3 r4@4 r2@8 r1@10",
    "1, 4, true,   3, 8, r4@3 r4@7",
    "4, 4, false,  0, 1, r4@0",
    "4, 4, false,  3, 1, r4@0",
    "4, 4, false,  2, 2, r4@0",
    "4, 4, false,  3, 2, r4@0 r4@4",
    "4, 4, false,  2, 4, r4@0 r4@4",
    "4, 4, false,  1, 8, r4@0 r4@4 r4@8",
    "4, 4, true,   2, 4, r4@2",
    "4, 8, false,  2, 8, r4@0 r4@4 r4@8",
    "8, 8, false,  4, 4, r8@0",
    "8, 8, false,  6, 4, r8@0 r8@8",
    "2, 2, false,  1, 1, r2@0",
    "2, 2, false,  1, 8, r2@0 r2@2 r2@4 r2@6 r2@8",
  })
  void aLoadIsMadeOfImplementedAccesses(int min, int max, boolean unaligned, int offset, int size, String expected) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      RuledDevice device = place(implementing(min, max, unaligned).withOrder(order));
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= (0x10L + offset + i) << (8 * i);
      }
      assertLoads(value, 0x1000 + offset, size);
      assertEquals(calls(expected), device.asked);
      assertEquals(Long.toHexString(Long.reverseBytes(value) >>> (64 - 8 * size)), Long.toHexString(
          reader.load(space, 0x1000 + offset, size, ByteOrder.BIG_ENDIAN, MemTxAttrs.UNSPECIFIED)));
    }
  }

  @ParameterizedTest(name = "implements {0} to {1}, unaligned {2}, {5}: {4} bytes at {3}")
  @CsvSource({
    "1, 8, true,   3, 8, LANES, w8@3/ffffffffffffffff",
    "1, 4, false,  0, 8, LANES, w4@0/ffffffff w4@4/ffffffff",
    "1, 4, false,  1, 4, LANES, w1@1/ff w2@2/ffff w1@4/ff",
    "4, 4, false,  3, 1, LANES, w4@0/ff000000",
    "4, 4, false,  1, 2, LANES, w4@0/ffff00",
    "4, 4, false,  3, 2, LANES, w4@0/ff000000 w4@4/ff",
    "8, 8, false,  6, 4, LANES, w8@0/ffff000000000000 w8@8/ffff",
    "4, 4, false,  3, 1, MERGE, r4@0 w4@0/ffffffff",
    "4, 4, false,  2, 4, MERGE, r4@0 w4@0/ffffffff r4@4 w4@4/ffffffff",
  })
  void aStoreIsMadeOfImplementedAccessesAndLeavesItsNeighboursAlone(
      int min, int max, boolean unaligned, int offset, int size, SmallWrites way, String expected) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      RuledDevice device = place(implementing(min, max, unaligned).withOrder(order).withSmallWrites(way));
      assertStores(0x1000 + offset, size, 0xa8a7_a6a5_a4a3_a2a1L);
      for (int i = 0; i < 16; i++) {
        int written = i - offset;
        assertEquals(written >= 0 && written < size ? 0xa1 + written : 0x10 + i, device.bytes[i] & 0xff, "byte " + i);
      }
      if (order == ByteOrder.LITTLE_ENDIAN) {
        assertEquals(calls(expected), device.asked);
      }
    }
  }

  @ParameterizedTest(name = "valid {0} to {1}, unaligned {2}: {4} bytes at {3}")
  @CsvSource({
    "4, 4, false, 0, 4, true",
    "4, 4, false, 4, 4, true",
    "4, 4, false, 0, 2, false",
    "4, 4, false, 0, 8, false",
    "4, 4, false, 2, 4, false",
    "4, 4, true,  2, 4, true",
    "1, 2, false, 3, 1, true",
    "1, 2, false, 3, 2, false",
    "2, 8, true,  1, 8, true",
    "2, 8, true,  1, 1, false",
  })
  void whatIsNotValidIsADecodeErrorAndNotSeenByTheDevice(
      int min, int max, boolean unaligned, int offset, int size, boolean valid) {
    RuledDevice device = place(MmioRules.DEFAULT.withValid(new AccessSizes(min, max, unaligned)));
    MemTxResult expected = valid ? MemTxResult.OK : MemTxResult.DECODE_ERROR;
    load(0x1000 + offset, size);
    assertEquals(expected, reader.lastResult());
    assertEquals(expected, store(0x1000 + offset, size, 0));
    assertEquals(valid ? 2 : 0, device.asked.size());
  }

  @Test
  void aFilterHasTheFirstWord() {
    MmioRules secureWritesOnly = MmioRules.DEFAULT.withFilter(
        (offset, _, access, attributes) -> access == Access.READ || attributes.secure() && offset != 8);
    place(secureWritesOnly);
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1000, 4, 1));
    MemTxAttrs secure = MemTxAttrs.UNSPECIFIED.asSecure();
    assertEquals(MemTxResult.OK, reader.store(space, 0x1000, 4, 1, ByteOrder.LITTLE_ENDIAN, secure));
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(space, 0x1008, 4, 1, ByteOrder.LITTLE_ENDIAN, secure));
    assertLoads(1, 0x1000, 4);
  }

  @Test
  void aDeviceHearsOfTheInitiatorAndReportsAFailureWithItsValue() {
    MemTxAttrs[] heard = new MemTxAttrs[1];
    place(0x1000, memory.mmio("device", Size.bytes(16), new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        heard[0] = tx.attributes();
        reader.load(space, 0x9000, 4);
        tx.fail(MemTxResult.ERROR);
        return 0x42;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        tx.fail(MemTxResult.ERROR);
        reader.store(space, 0x9000, 4, 0, ByteOrder.LITTLE_ENDIAN, MemTxAttrs.UNSPECIFIED);
      }
    }));
    MemTxAttrs mine = MemTxAttrs.ofRequester(0x1234).asUser();
    assertEquals(0x42, reader.load(space, 0x1000, 4, ByteOrder.LITTLE_ENDIAN, mine));
    assertEquals(MemTxResult.ERROR, reader.lastResult());
    assertEquals(mine, heard[0]);
    assertEquals(MemTxResult.ERROR, store(0x1000, 4, 0));
    assertEquals(MemTxResult.DECODE_ERROR, store(0x9000, 4, 0));
  }

  @Test
  void anInitiatorThatWantsMemoryDoesNotReachADevice() {
    RuledDevice device = place(MmioRules.DEFAULT);
    MemTxAttrs memoryOnly = MemTxAttrs.UNSPECIFIED.forMemory();
    assertEquals(0, reader.load(space, 0x1000, 4, ByteOrder.LITTLE_ENDIAN, memoryOnly));
    assertEquals(MemTxResult.ACCESS_ERROR, reader.lastResult());
    assertEquals(MemTxResult.ACCESS_ERROR, reader.store(space, 0x1000, 4, 0, ByteOrder.LITTLE_ENDIAN, memoryOnly));
    assertEquals(List.of(), device.asked);
  }

  private static int[] sizes(String text) {
    return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @ParameterizedTest(name = "implements {0}: {2} bytes at {1}")
  @CsvSource({
    "1 4,     0, 4, r4@0",
    "1 4,     0, 2, r1@0 r1@1",
    "1 4,     2, 2, r1@2 r1@3",
    "1 4,     1, 8, r1@1 r1@2 r1@3 r4@4 r1@8",
    "1 8,     0, 4, r1@0 r1@1 r1@2 r1@3",
    "2 8,     3, 1, r2@2",
    "3,       0, 2, r3@0",
    "3,       3, 1, r3@1",
    "3 4,     0, 4, r4@0",
    "3,       0, 4, r3@0 r3@1",
    "5 6 7,   0, 8, r7@0 r5@3",
    "1 3,     0, 4, r3@0 r1@3",
  })
  void aLoadIsMadeOfTheSizesOfASet(String set, int offset, int size, String expected) {
    RuledDevice device = place(MmioRules.DEFAULT.withImplemented(AccessSizes.of(sizes(set))));
    long value = reader.load(space, 0x1000 + offset, size);
    assertEquals(calls(expected), device.asked);
    for (int i = 0; i < size; i++) {
      assertEquals(0x10 + offset + i, value >>> 8 * i & 0xff);
    }
  }

  @ParameterizedTest(name = "finds {0} valid: {2} bytes at {1}")
  @CsvSource({
    "1 4,     0, 8, w4@0 w4@4",
    "1 4,     0, 3, w1@0 w1@1 w1@2",
    "1 4,     2, 7, w1@2 w1@3 w4@4 w1@8",
    "1 3,     0, 3, w3@0",
    "1 3,     1, 7, w3@1 w3@4 w1@7",
    "3 5 6 7, 0, 5, w5@0",
    "3 5 6 7, 8, 7, w7@8",
    "3 5 6 7, 2, 6, w6@2",
    "6 7,     0, 6, w6@0",
  })
  void aTransferIsMadeOfTheValidSizesOfASet(String set, int offset, int length, String expected) {
    AccessSizes sizes = AccessSizes.of(sizes(set));
    RuledDevice device = place(MmioRules.DEFAULT.withValid(sizes).withImplemented(sizes));
    assertTrue(reader.isAccessible(space, 0x1000 + offset, length, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    assertTrue(reader.write(space, 0x1000 + offset, new byte[length], 0, length).isOk());
    assertEquals(calls(expected), device.asked.stream().map(call -> call.replaceAll("/.*", "")).toList());
    for (int i = 0; i < device.bytes.length; i++) {
      assertEquals(i >= offset && i < offset + length ? 0 : 0x10 + i, device.bytes[i]);
    }
  }

  @Test
  void aSizeBetweenTheValidOnesIsRefused() {
    RuledDevice device = place(MmioRules.DEFAULT.withValid(AccessSizes.of(1, 4)));
    assertDecodeErrorOnLoad(0x1000, 2);
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1000, 8, 0));
    assertEquals(List.of(), device.asked);
  }

  @Test
  void aTransferTakesUnalignedAccessesWhereNoOthersAreValid() {
    RuledDevice device = place(MmioRules.DEFAULT.withValid(AccessSizes.unaligned(4, 4)));
    assertTrue(reader.read(space, 0x1001, new byte[8], 0, 8).isOk());
    assertEquals(List.of("r4@1", "r4@5"), device.asked);
  }

  @Test
  void aDeviceWhoseSmallestAccessDoesNotFitItsEndIsNotCalledThere() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT.withImplemented(AccessSizes.aligned(4, 4)));
    place(0x1000, memory.mmio("six", Size.bytes(6), device));
    assertLoads(0x1110, 0x1000, 2);
    assertDecodeErrorOnLoad(0x1004, 2);
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1004, 1, 0));
    assertEquals(List.of("r4@0"), device.asked);
  }

  @Test
  void rulesThatMakeNoSenseAreRefused() {
    assertRefused(IllegalArgumentException.class, AccessSizes::of, "no sizes");
    assertRefused(IllegalArgumentException.class, () -> AccessSizes.of(1, 9), "[1, 9]", "9 is not");
    assertRefused(IllegalArgumentException.class, () -> AccessSizes.of(0), "0 is not");
    assertRefused(IllegalArgumentException.class, () -> new AccessSizes(4, 2, false), "4 to 2");
    assertRefused(IllegalArgumentException.class, () -> new AccessSizes(3, 4, false), "3 to 4");
    assertRefused(IllegalArgumentException.class, () -> new AccessSizes(1, 16, false), "1 to 16");
    assertThrows(NullPointerException.class, () -> MmioRules.DEFAULT.withValid(null));
    assertRefused(IllegalArgumentException.class, () -> MemTxAttrs.ofRequester(0x1_0000), "65536", "65535");
  }
}
