package io.flatview.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressRangeTest {

  private static final long TOP = 0x8000_0000_0000_0000L;

  @Test
  void bothBoundsAreInside() {
    AddressRange range = new AddressRange(0x1000, 0x1fff);
    assertTrue(range.contains(0x1000));
    assertTrue(range.contains(0x1fff));
    assertFalse(range.contains(0xfff));
    assertFalse(range.contains(0x2000));
  }

  @Test
  void boundsAreUnsigned() {
    AddressRange range = new AddressRange(TOP - 1, TOP);
    assertTrue(range.contains(TOP));
    assertEquals(Size.bytes(2), range.size());
    assertThrows(IllegalArgumentException.class, () -> new AddressRange(-1, 0));
  }

  @Test
  void aRangeThatEndsBeforeItStartsIsRefusedWithBothAddresses() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new AddressRange(0x2000, 0x1fff)).getMessage();
    assertTrue(message.contains("0000000000002000-0000000000001fff"), message);
  }

  @Test
  void theWholeSpaceIsARange() {
    assertEquals(Size.FULL, AddressRange.ALL.size());
    assertTrue(AddressRange.ALL.contains(-1));
    assertTrue(AddressRange.ALL.contains(AddressRange.ALL));
  }

  @Test
  void neighboursDoNotOverlap() {
    AddressRange low = new AddressRange(0, 0xfff);
    AddressRange high = new AddressRange(0x1000, -1);
    assertFalse(low.overlaps(high));
    assertEquals(Optional.empty(), low.intersect(high));
  }

  @Test
  void theIntersectionIsWhatBothHold() {
    AddressRange low = new AddressRange(0, TOP);
    AddressRange high = new AddressRange(0x1000, -1);
    assertEquals(Optional.of(new AddressRange(0x1000, TOP)), low.intersect(high));
    assertEquals(low.intersect(high), high.intersect(low));
  }

  /** On small ranges placed anywhere, every relation agrees with asking about each address. */
  @Test
  void relationsAgreeWithTheirAddresses() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      long base = random.nextBoolean() ? TOP - 8 : random.nextLong() & ~0xffL;
      AddressRange a = range(random, base);
      AddressRange b = range(random, base);
      int common = 0;
      for (long address = base; address != base + 16; address++) {
        common += a.contains(address) && b.contains(address) ? 1 : 0;
      }
      assertEquals(common > 0, a.overlaps(b));
      assertEquals(common, a.intersect(b).map(r -> r.size().toBytes()).orElse(0L));
      assertEquals(Size.bytes(common).equals(b.size()), a.contains(b));
    }
  }

  private static AddressRange range(SplittableRandom random, long base) {
    int first = random.nextInt(16);
    return new AddressRange(base + first, base + random.nextInt(first, 16));
  }

  @Test
  void addressesAreShownWithSixteenDigits() {
    assertEquals("00000000fee00000", AddressRange.hex(0xfee0_0000L));
    assertEquals("0000000000000000-ffffffffffffffff", AddressRange.ALL.toString());
  }
}
