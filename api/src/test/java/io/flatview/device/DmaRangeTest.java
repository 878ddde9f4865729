package io.flatview.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes that guests give: every combination of numbers around the places where arithmetic breaks, by big integers. */
class DmaRangeTest {

  private static final List<Long> NUMBERS = List.of(
      0L, 1L, 2L, 511L, 512L, 4096L, (1L << 31) - 1, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 55, 1L << 62,
      Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -4096L, -512L, -2L, -1L);

  private static final BigInteger END = BigInteger.ONE.shiftLeft(64);

  private static BigInteger big(long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  private static boolean holds(BigInteger capacity, long offset, long length) {
    return big(offset).add(big(length)).compareTo(capacity) <= 0;
  }

  @Test
  void aPieceFitsExactlyIfItEndsInTime() {
    for (long offset : NUMBERS) {
      for (long length : NUMBERS) {
        for (long capacity : NUMBERS) {
          assertEquals(
              holds(big(capacity), offset, length),
              DmaRange.fits(offset, length, capacity),
              () -> offset + " " + length + " " + capacity);
        }
      }
    }
  }

  @Test
  void aRangeIsRefusedExactlyIfItGoesBeyondTheLastAddress() {
    for (long address : NUMBERS) {
      for (long length : NUMBERS) {
        if (holds(END, address, length)) {
          assertEquals(length, new DmaRange(address, length).length());
        } else {
          assertThrows(DmaException.class, () -> new DmaRange(address, length));
        }
      }
    }
  }

  @Test
  void aPartLiesInItsRange() {
    DmaRange range = new DmaRange(-4096, 4096);
    assertEquals(new DmaRange(-1, 1), range.part(4095, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> range.part(4095, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> range.part(-1, 2));
    assertEquals("fffffffffffff000+4096", range.toString());
  }
}
