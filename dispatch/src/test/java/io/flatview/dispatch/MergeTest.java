package io.flatview.dispatch;

import io.flatview.memory.MemoryRegion;
import org.junit.jupiter.api.Test;

/** When neighbours become one section. */
class MergeTest extends OnAMachine {

  @Test
  void neighboursThatContinueEachOtherAreOneSection() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0x1000, alias("low", ram, 0x0000, 0x1000));
    place(0x2000, alias("high", ram, 0x1000, 0x3000));
    assertView("1000-4fff ram @0");
  }

  @Test
  void aRunOfManyPiecesIsOneSection() {
    MemoryRegion ram = ram("ram", 0x10000);
    memory.update(tx -> {
      for (long at = 0; at < 0x10000; at += 0x100) {
        tx.addSubregion(system, at, alias("piece", ram, at, 0x100));
      }
    });
    assertView("0-ffff ram @0");
  }

  @Test
  void neighboursOfDifferentRegionsStayApartEvenIfTheyAreNamedAlike() {
    place(0x0000, mmio("twin", 0x1000));
    place(0x1000, alias("window", mmio("twin", 0x2000), 0x1000, 0x1000));
    assertView("0-fff twin @0", "1000-1fff twin @1000");
  }

  @Test
  void neighboursWithAJumpInTheOffsetStayApart() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0x0000, alias("low", ram, 0x0000, 0x1000));
    place(0x1000, alias("high", ram, 0x2000, 0x1000));
    assertView("0-fff ram @0", "1000-1fff ram @2000");
  }

  @Test
  void piecesWithAGapBetweenThemStayApart() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0x0000, alias("low", ram, 0x0000, 0x1000));
    place(0x2000, alias("high", ram, 0x1000, 0x1000));
    assertView("0-fff ram @0", "2000-2fff ram @1000");
  }

  @Test
  void neighboursWithDifferentFlagsStayApart() {
    MemoryRegion ram = ram("ram", 0x2000);
    MemoryRegion low = alias("low", ram, 0x0000, 0x1000);
    MemoryRegion high = alias("high", ram, 0x1000, 0x1000);
    place(0x0000, low);
    place(0x1000, high);
    memory.update(tx -> tx.setReadOnly(low, true));
    assertView("0-fff ram @0 ro", "1000-1fff ram @1000");
    memory.update(tx -> tx.setReadOnly(high, true));
    assertView("0-1fff ram @0 ro");
    memory.update(tx -> tx.setNonVolatile(high, true));
    assertView("0-fff ram @0 ro", "1000-1fff ram @1000 ro nv");
  }

  @Test
  void unmergeableNeighboursStayApart() {
    MemoryRegion ram = ram("ram", 0x2000);
    place(0x0000, alias("low", ram, 0x0000, 0x1000));
    place(0x1000, alias("high", ram, 0x1000, 0x1000));
    memory.update(tx -> tx.setUnmergeable(ram, true));
    assertView("0-fff ram @0 unmergeable", "1000-1fff ram @1000 unmergeable");
  }

  @Test
  void unmergeableIsInheritedFromAContainer() {
    MemoryRegion ram = ram("ram", 0x2000);
    MemoryRegion.Container slots = container("slots", 0x2000);
    place(slots, 0x0000, alias("low", ram, 0x0000, 0x1000));
    place(slots, 0x1000, alias("high", ram, 0x1000, 0x1000));
    place(0, slots);
    assertView("0-1fff ram @0");
    memory.update(tx -> tx.setUnmergeable(slots, true));
    assertView("0-fff ram @0 unmergeable", "1000-1fff ram @1000 unmergeable");
  }

  @Test
  void oneUnmergeablePieceStaysApartFromItsMergeableNeighbours() {
    MemoryRegion ram = ram("ram", 0x3000);
    MemoryRegion middle = alias("middle", ram, 0x1000, 0x1000);
    place(0x0000, alias("low", ram, 0x0000, 0x1000));
    place(0x1000, middle);
    place(0x2000, alias("high", ram, 0x2000, 0x1000));
    memory.update(tx -> tx.setUnmergeable(middle, true));
    assertView("0-fff ram @0", "1000-1fff ram @1000 unmergeable", "2000-2fff ram @2000");
  }

  @Test
  void whatAnOverlayCutIsOneSectionAgainWhenTheOverlayGoes() {
    MemoryRegion overlay = mmio("overlay", 0x1000);
    place(0x0000, ram("ram", 0x4000), 0);
    place(0x1000, overlay, 1);
    assertView("0-fff ram @0", "1000-1fff overlay @0", "2000-3fff ram @2000");
    remove(overlay);
    assertView("0-3fff ram @0");
  }

  @Test
  void aRegionBelowMayFillTheHoleOfAnAliasOfItself() {
    MemoryRegion ram = ram("ram", 0x3000);
    place(0x0000, ram, 0);
    place(0x1000, alias("window", ram, 0x1000, 0x1000), 1);
    assertView("0-2fff ram @0");
  }
}
