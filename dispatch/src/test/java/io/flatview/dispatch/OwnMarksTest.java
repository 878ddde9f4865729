package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader that stores to logged memory without asking, and says itself what it wrote. */
class OwnMarksTest extends OnAMachine {

  private static final long PAGE = 0x1000;
  private static final long PLACE = 0x10_0000;
  private static final long DEVICE = 0x1000_0000;

  private final DirtyClient vga = memory.dirtyClient("vga");
  private final DirtyClient migration = memory.dirtyClient("migration");
  private final MemoryRegion.Ram ram = ram("ram", 0x80_0000);
  private final List<String> seenByDevice = new ArrayList<>();

  @BeforeEach
  void logTheMemory() {
    MmioHandler looking = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        seenByDevice.add(taken(vga));
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        seenByDevice.add(taken(vga));
      }
    };
    memory.update(tx -> tx
        .addSubregion(system, PLACE, ram)
        .addSubregion(system, DEVICE, memory.mmio("looking", Size.bytes(PAGE), looking))
        .startLog(ram, vga));
  }

  private String taken(DirtyClient client) {
    return String.join(" ", client.snapshotAndClear(ram).ranges()
        .map(range -> Long.toHexString(range.first()) + "-" + Long.toHexString(range.last())).toList());
  }

  private MemorySegment logged(long offset) {
    MemorySegment found = reader.translate(space, PLACE + offset, 8, Access.WRITE).loggedMemory();
    found.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, 1);
    return found;
  }

  @Test
  void marksAreMadeAtTheEndOfTheSection() {
    try (ReadSection _ = reader.enter()) {
      try (ReadSection _ = reader.enter()) {
        logged(0x3ff8);
        reader.wrote(space, PLACE + 0x3ffc, 8);
      }
      assertEquals("", taken(vga));
    }
    assertEquals("3000-4fff", taken(vga));
    assertEquals("", taken(vga));
  }

  /** A write after a snapshot must be in the next one, though it was reported before the snapshot. */
  @Test
  void aPageIsToldOfOnceInASectionWhoeverTakesSnapshotsMeanwhile() {
    try (ReadSection _ = reader.enter()) {
      MemorySegment memory = logged(0x3000);
      reader.wrote(space, PLACE + 0x3000, 8);
      reader.load(space, DEVICE, 4);
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 0x3000, 2);
      assertEquals("", taken(vga));
    }
    assertEquals(List.of("3000-3fff"), seenByDevice);
    assertEquals("3000-3fff", taken(vga));
  }

  @Test
  void whoIsCalledSeesWhatWasWrittenBefore() {
    try (ReadSection _ = reader.enter()) {
      logged(0);
      reader.wrote(space, PLACE, 8);
      reader.store(space, DEVICE, 4, 0);
      logged(PAGE);
      reader.wrote(space, PLACE + PAGE, 8);
      reader.store(space, DEVICE, 4, 0);
    }
    assertEquals(List.of("0-fff", "0-1fff"), seenByDevice);
  }

  @Test
  void aTapSeesWhatWasWrittenBefore() {
    MemoryRegion.Ram tapped = ram("tapped", PAGE);
    memory.update(tx -> tx.addSubregion(system, 0, tapped));
    memory.tap(tapped, TapFilter.of(AddressRange.ALL), _ -> seenByDevice.add(taken(vga)));
    try (ReadSection _ = reader.enter()) {
      logged(0);
      reader.wrote(space, PLACE, 8);
      reader.store(space, 0, 4, 0);
    }
    assertEquals(List.of("0-fff"), seenByDevice);
  }

  @Test
  void everyClientGetsAllPagesHoweverManyThereAre() {
    memory.update(tx -> tx.startLog(ram, migration));
    try (ReadSection _ = reader.enter()) {
      for (long round = 0; round < 2; round++) {
        for (long offset = 0; offset < 0x80_0000; offset += 2 * PAGE) {
          logged(offset);
          reader.wrote(space, PLACE + offset, 8);
        }
      }
    }
    assertEquals(0x400, vga.snapshotAndClear(ram).pages());
    assertEquals(0x400, migration.snapshotAndClear(ram).pages());
  }

  /** 64 MiB apart, words share a place. */
  @Test
  void pagesThatAreFarApartDoNotHideEachOther() {
    MemoryRegion.Ram wide = ram("wide", 1L << 34);
    memory.update(tx -> tx.addSubregion(system, 1L << 34, wide).startLog(wide, vga));
    try (ReadSection _ = reader.enter()) {
      for (int round = 0; round < 200; round++) {
        reader.wrote(space, (1L << 34) + round * (64L << 20), 1);
        reader.wrote(space, PLACE + round * PAGE, 1);
      }
    }
    assertEquals(200, vga.snapshotAndClear(wide).pages());
    assertEquals("0-c7fff", taken(vga));
  }

  @Test
  void theMemoryIsThatOfUnloggedWrites() {
    try (ReadSection _ = reader.enter()) {
      MemorySegment logged = logged(0);
      assertNull(reader.translate(space, PLACE, 8, Access.WRITE).memory());
      assertSame(logged, reader.translate(space, PLACE, 8, Access.READ).loggedMemory());
      assertNull(reader.translate(space, DEVICE, 4, Access.WRITE).loggedMemory());
    }
    memory.update(tx -> tx.stopLog(ram, vga));
    try (ReadSection _ = reader.enter()) {
      assertSame(logged(0), reader.translate(space, PLACE, 8, Access.WRITE).memory());
      reader.wrote(space, PLACE, 8);
    }
    assertEquals("", taken(vga));
  }

  @Test
  void tappedMemoryIsNotGivenAway() {
    memory.tap(ram, TapFilter.of(AddressRange.ALL), _ -> { });
    try (ReadSection _ = reader.enter()) {
      assertNull(reader.translate(space, PLACE, 8, Access.WRITE).loggedMemory());
    }
  }

  @Test
  void onlyMemoryThatTakesWritesIsToldOf() {
    assertThrows(IllegalStateException.class, () -> reader.wrote(space, PLACE, 1));
    try (ReadSection _ = reader.enter()) {
      assertRefused(
          IllegalArgumentException.class, () -> reader.wrote(space, DEVICE, 4), "0000000010000000", "'memory'");
      assertRefused(IllegalArgumentException.class, () -> reader.wrote(space, 0, 1), "0000000000000000");
      assertRefused(IllegalArgumentException.class, () -> reader.wrote(space, PLACE + 0x7f_ffff, 2), "2 bytes");
      assertRefused(IllegalArgumentException.class, () -> reader.wrote(space, PLACE, 0), "0 bytes");
    }
    assertEquals("", taken(vga));
  }

  @Test
  void addressesBeyondTheLastOfTheSpaceAreThoseWithoutTheirHigherBits() {
    MemoryRegion.Container root = memory.container("root", Size.kib(64));
    place(root, 0xf000, alias("top", ram, 0x3000, 0x1000));
    AddressSpace narrow = memory.addressSpace("narrow", root, AddressSpaceOptions.DEFAULT.withAddressBits(Short.SIZE));
    try (ReadSection _ = reader.enter()) {
      assertNotNull(reader.translate(narrow, 0x1_f000, 8, Access.WRITE).loggedMemory());
      reader.wrote(narrow, 0x1_f000, 8);
      assertRefused(IllegalArgumentException.class, () -> reader.wrote(narrow, 0x1_ffff, 2), "2 bytes", "'narrow'");
      assertRefused(IllegalArgumentException.class, () -> reader.wrote(narrow, 0x1_0000, 1), "'narrow'");
    }
    assertEquals("3000-3fff", taken(vga));
  }
}
