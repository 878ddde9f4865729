package io.flatview.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SizeTest {

  @Test
  void sizesReachFromNothingToTheWholeSpace() {
    assertTrue(Size.EMPTY.isEmpty());
    assertTrue(Size.FULL.isFull());
    assertFalse(Size.FULL.isEmpty());
    assertEquals(-1, Size.FULL.last());
    assertEquals(-2, Size.bytes(-1).last());
  }

  @Test
  void oneByteLessThanTheWholeSpaceIsASizeOfItsOwn() {
    assertNotEquals(Size.FULL, Size.bytes(-1));
    assertEquals(Size.bytes(-1), Size.ofLast(-2));
  }

  @Test
  void sizeAndLastOffsetAreInverse() {
    for (long last : new long[] {0, 1, 0xfff, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1}) {
      assertEquals(last, Size.ofLast(last).last());
    }
    assertSame(Size.FULL, Size.ofLast(-1));
    assertSame(Size.EMPTY, Size.bytes(0));
  }

  @Test
  void unitsArePowersOf1024() {
    assertEquals(Size.bytes(0x1000), Size.kib(4));
    assertEquals(Size.bytes(0x10_0000), Size.mib(1));
    assertEquals(Size.bytes(0x1_0000_0000L), Size.gib(4));
    assertSame(Size.EMPTY, Size.kib(0));
  }

  @Test
  void aCountOutOfRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Size.kib(-1));
    assertThrows(IllegalArgumentException.class, () -> Size.gib(1L << 33));
    assertThrows(IllegalArgumentException.class, () -> Size.mib(Long.MAX_VALUE));
    assertEquals(1L << 62, Size.gib(1L << 32).toBytes());
  }

  @Test
  void whatHasNoAnswerIsRefused() {
    assertThrows(IllegalStateException.class, Size.EMPTY::last);
    assertThrows(ArithmeticException.class, Size.FULL::toBytes);
  }

  @Test
  void sizesAreOrderedUnsignedWithTheWholeSpaceLast() {
    List<Size> sorted =
        Stream.of(Size.FULL, Size.bytes(-1), Size.bytes(1), Size.EMPTY, Size.bytes(Long.MIN_VALUE)).sorted().toList();
    assertEquals(
        List.of(Size.EMPTY, Size.bytes(1), Size.bytes(Long.MIN_VALUE), Size.bytes(-1), Size.FULL), sorted);
  }

  @Test
  void equalSizesHaveEqualHashes() {
    assertEquals(Size.kib(1), Size.bytes(1024));
    assertEquals(Size.kib(1).hashCode(), Size.bytes(1024).hashCode());
    assertNotEquals(Size.EMPTY, Size.FULL);
  }

  @Test
  void sizesAreShownInHexadecimal() {
    assertEquals("0x1000", Size.kib(4).toString());
    assertEquals("0x10000000000000000", Size.FULL.toString());
    assertEquals("0xffffffffffffffff", Size.bytes(-1).toString());
  }
}
