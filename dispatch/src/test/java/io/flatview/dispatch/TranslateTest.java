package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import org.junit.jupiter.api.Test;

/** Where an address leads. */
class TranslateTest extends OnAMachine {

  private Translation translate(long address, long length) {
    return reader.translate(space, address, length, Access.READ);
  }

  @Test
  void aHoleLeadsToTheUnassignedSection() {
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(0x1234, 4);
      assertFalse(t.isAssigned());
      assertInstanceOf(MemoryRegion.Reserved.class, t.section().region());
      assertEquals("unassigned", t.section().region().name());
      assertEquals(AddressRange.ALL, t.section().range());
      assertEquals(0x1234, t.address());
      assertEquals(0x1234, t.offset());
      assertEquals(Translation.Fault.NONE, t.fault());
      assertSame(space, t.addressSpace());
    }
  }

  @Test
  void aReservedPlaceIsAssigned() {
    place(0, memory.reserved("reserved", Size.kib(4)));
    try (ReadSection _ = reader.enter()) {
      assertTrue(translate(0, 1).isAssigned());
    }
  }

  @Test
  void theOffsetCountsInTheAnsweringRegion() {
    place(0x8000, alias("window", ram("ram", 0x4000), 0x1000, 0x2000));
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(0x9234, 4);
      assertEquals("ram", t.section().region().name());
      assertEquals(0x9234, t.address());
      assertEquals(0x2234, t.offset());
      assertEquals(4, t.length());
      assertEquals("8000-9fff ram @1000", Picture.of(t.section()));
    }
  }

  @Test
  void memoryNarrowsTheLengthToItsSectionsEnd() {
    place(0x1000, ram("ram", 0x3000));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x3000, translate(0x1000, 0x3000).length());
      assertEquals(0x3000, translate(0x1000, 0x3001).length());
      assertEquals(0x2001, translate(0x1fff, -1).length());
      assertEquals(1, translate(0x3fff, 8).length());
    }
  }

  @Test
  void memoryNarrowsTheLengthToAnOverlay() {
    place(0, ram("ram", 0x4000), 0);
    place(0x1800, mmio("overlay", 0x10), 1);
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x800, translate(0x1000, 0x4000).length());
    }
  }

  @Test
  void aDeviceNarrowsTheLengthToItsEnd() {
    place(0xcf8, mmio("address", 1));
    place(0xcf9, mmio("reset", 2));
    try (ReadSection _ = reader.enter()) {
      assertEquals(1, translate(0xcf8, 4).length());
      assertEquals(2, translate(0xcf9, -1).length());
    }
  }

  @Test
  void aRomDeviceNarrowsTheLengthInEitherMode() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    place(0, flash);
    try (ReadSection _ = reader.enter()) {
      assertEquals(2, translate(0xffe, 4).length());
    }
    memory.update(tx -> tx.setRomdMode(flash, false));
    try (ReadSection _ = reader.enter()) {
      assertEquals(2, translate(0xffe, 4).length());
    }
  }

  @Test
  void lengthsAreUnsigned() {
    place(0, memory.mmio("all", Size.FULL, new Registers()));
    try (ReadSection _ = reader.enter()) {
      assertEquals(-1, translate(0, -1).length());
    }
  }

  @Test
  void theLastAddressCanBeTranslated() {
    place(0xffff_ffff_ffff_f000L, ram("firmware", 0x1000));
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(-1, 8);
      assertEquals(0xfff, t.offset());
      assertEquals(1, t.length());
    }
  }

  @Test
  void aReadersTranslationIsOverwrittenByItsNext() {
    place(0, mmio("uart", 0x100));
    try (ReadSection _ = reader.enter()) {
      Translation first = translate(0, 1);
      assertSame(first, translate(0x5000, 1));
      assertFalse(first.isAssigned());
    }
  }

  @Test
  void twoReadersDoNotShareATranslation() {
    place(0, mmio("uart", 0x100));
    try (MapReader other = memory.newReader("vcpu1"); ReadSection _ = reader.enter(); ReadSection _ = other.enter()) {
      Translation mine = translate(0, 1);
      other.translate(space, 0x5000, 1, Access.READ);
      assertTrue(mine.isAssigned());
    }
  }

  // Sections

  @Test
  void aSectionSeesOneGenerationThroughout() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    try (ReadSection _ = reader.enter()) {
      long generation = reader.generation();
      remove(uart);
      assertEquals("uart", translate(0, 1).section().region().name());
      assertEquals(generation, reader.generation());
      assertEquals(generation + 1, memory.generation());
    }
    assertEquals("unassigned", who(0));
  }

  @Test
  void aNestedSectionSeesTheGenerationOfTheOutermost() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    try (ReadSection _ = reader.enter()) {
      long generation = reader.generation();
      remove(uart);
      try (ReadSection _ = reader.enter()) {
        assertEquals(generation, reader.generation());
        assertTrue(translate(0, 1).isAssigned());
      }
      assertTrue(translate(0, 1).isAssigned());
    }
  }

  @Test
  void twoReadersOfOneThreadMaySeeDifferentGenerations() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    try (MapReader other = memory.newReader("vcpu1"); ReadSection _ = reader.enter()) {
      remove(uart);
      try (ReadSection _ = other.enter()) {
        assertTrue(translate(0, 1).isAssigned());
        assertFalse(other.translate(space, 0, 1, Access.READ).isAssigned());
      }
    }
  }

  @Test
  void theImplicitReaderBelongsToItsThread() throws InterruptedException {
    MapReader mine = memory.reader();
    assertSame(mine, memory.reader());
    MapReader[] theirs = new MapReader[1];
    Thread thread = Thread.ofPlatform().start(() -> theirs[0] = memory.reader());
    thread.join();
    assertTrue(theirs[0] != mine);
  }

  // Address spaces that come and go

  @Test
  void aClosedSpaceIsEmptyForLaterSectionsAndWholeForPresentOnes() {
    place(0, mmio("uart", 0x100));
    try (ReadSection _ = reader.enter()) {
      space.close();
      assertTrue(translate(0, 1).isAssigned());
    }
    try (ReadSection _ = reader.enter()) {
      assertFalse(translate(0, 1).isAssigned());
    }
  }

  @Test
  void aClosedSpaceNeverShowsWhatAnotherShowsInItsPlace() {
    space.close();
    policy.runGracePeriod();
    AddressSpace next = memory.addressSpace("next", mmio("uart", 0x100));
    assertEquals("uart", who(next, 0));
    assertEquals("unassigned", who(space, 0));
  }

  @Test
  void aSpaceThatWasTakenBackNeverShowsWhatAnotherShowsInItsPlace() {
    AddressSpace dropped;
    try (Transaction _ = memory.begin()) {
      dropped = memory.addressSpace("dropped", mmio("timer", 0x100));
    }
    AddressSpace next = memory.addressSpace("next", mmio("uart", 0x100));
    assertEquals("uart", who(next, 0));
    assertEquals("unassigned", who(dropped, 0));
  }

  @Test
  void aSpaceIsEmptyForASectionEnteredBeforeItWasOpened() {
    try (ReadSection _ = reader.enter()) {
      AddressSpace late = memory.addressSpace("late", mmio("uart", 0x100));
      assertFalse(reader.translate(late, 0, 1, Access.READ).isAssigned());
    }
  }

  @Test
  void aSpaceOpenedBesideAnOldSectionDoesNotTakeTheSlotOfOneThatSectionStillSees() {
    place(0, mmio("uart", 0x100));
    try (ReadSection _ = reader.enter()) {
      space.close();
      policy.runGracePeriod();
      AddressSpace late = memory.addressSpace("late", mmio("other", 0x100));
      assertFalse(reader.translate(late, 0, 1, Access.READ).isAssigned());
      assertEquals("uart", translate(0, 1).section().region().name());
    }
  }

  @Test
  void manySpacesComeAndGoWithoutTakingEachOthersPlace() {
    for (int round = 0; round < 50; round++) {
      String name = "device " + round;
      AddressSpace brief = memory.addressSpace("brief", mmio(name, 0x100));
      assertEquals(name, who(brief, 0));
      brief.close();
      assertEquals("unassigned", who(brief, 0));
      policy.runGracePeriod();
    }
    assertThrows(IllegalStateException.class, () -> reader.translate(space, 0, 1, Access.READ));
  }
}
