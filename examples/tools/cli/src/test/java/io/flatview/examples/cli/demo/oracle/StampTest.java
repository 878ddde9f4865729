package io.flatview.examples.cli.demo.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StampTest {

  private static final long MEMORY_SERIAL = 2 * 4711;
  private static final long DEVICE_SERIAL = 2 * 4711 + 1;

  @Test
  void aStampTellsMemoryFromDevices() {
    assertTrue(Stamp.isMemory(Stamp.of(MEMORY_SERIAL, 3)));
    assertFalse(Stamp.isDevice(Stamp.of(MEMORY_SERIAL, 3)));
    assertTrue(Stamp.isDevice(Stamp.of(DEVICE_SERIAL, 3)));
    assertFalse(Stamp.isMemory(Stamp.of(DEVICE_SERIAL, 3)));
  }

  @Test
  void everyCellOfEveryRegionHasAStampOfItsOwn() {
    assertNotEquals(Stamp.of(MEMORY_SERIAL, 3), Stamp.of(MEMORY_SERIAL, 4));
    assertNotEquals(Stamp.of(MEMORY_SERIAL, 3), Stamp.of(MEMORY_SERIAL + 2, 3));
  }

  @Test
  void emptyMemoryAndPoisonAndFailuresAreNoStamps() {
    for (long word : new long[] {0, Stamp.POISON, Stamp.NOTHING, Stamp.REFUSED}) {
      assertFalse(Stamp.isMemory(word), Long.toHexString(word));
      assertFalse(Stamp.isDevice(word), Long.toHexString(word));
    }
  }

  @Test
  void aFlippedBitIsNoticed() {
    long stamp = Stamp.of(MEMORY_SERIAL, 3);
    for (int bit = 0; bit < Long.SIZE; bit++) {
      assertFalse(Stamp.isGenuine(stamp ^ 1L << bit), "bit " + bit);
    }
  }

  @Test
  void messagesNameWhatAWordMeans() {
    assertEquals("memory #9422 cell 3", Stamp.describe(Stamp.of(MEMORY_SERIAL, 3)));
    assertEquals("device #9423 cell 0", Stamp.describe(Stamp.of(DEVICE_SERIAL, 0)));
    assertEquals("poison", Stamp.describe(Stamp.POISON));
    assertEquals("nothing", Stamp.describe(Stamp.NOTHING));
    assertEquals("no stamp, 0000000000000000", Stamp.describe(0));
  }
}
