package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the tree of regions to the flat view. */
class RenderingTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  @Test
  void anEmptyContainerShowsNothing() {
    assertView();
  }

  @Test
  void aRegionShowsWhereItIsPlaced() {
    place(0x1000, mmio("uart", 0x100));
    assertView("1000-10ff uart @0");
  }

  @Test
  void ofOverlappingSiblingsTheHigherPriorityWins() {
    place(0x1000, rom("rom", 0x1000), 1);
    place(0x0000, ram("ram", 0x4000), 0);
    assertView("0-fff ram @0", "1000-1fff rom @0 ro", "2000-3fff ram @2000");
  }

  @Test
  void aNegativePriorityLosesToTheDefault() {
    place(0x0000, mmio("device", 0x1000));
    place(0x0000, mmio("background", 0x3000), -1);
    assertView("0-fff device @0", "1000-2fff background @1000");
  }

  @Test
  void thePrioritiesReachToTheEndsOfInt() {
    place(0, mmio("top", 0x1000), Integer.MAX_VALUE);
    place(0, mmio("bottom", 0x2000), Integer.MIN_VALUE);
    assertView("0-fff top @0", "1000-1fff bottom @1000");
  }

  @Test
  void ofEqualPriorityTheOnePlacedLastWins() {
    place(0x0000, mmio("first", 0x2000));
    place(0x1000, mmio("second", 0x2000));
    assertView("0-fff first @0", "1000-2fff second @0");
  }

  @Test
  void ofEqualPriorityTheOrderInOneTransactionCounts() {
    memory.update(tx -> tx
        .addSubregion(system, 0x1000, mmio("first", 0x2000))
        .addSubregion(system, 0x0000, mmio("second", 0x2000)));
    assertView("0-1fff second @0", "2000-2fff first @1000");
  }

  @Test
  void movingARegionMakesItTheLatestAmongItsEquals() {
    MemoryRegion first = mmio("first", 0x2000);
    place(0x0000, first);
    place(0x1000, mmio("second", 0x2000));
    memory.update(tx -> tx.setAddress(first, 0x800));
    assertView("800-27ff first @0", "2800-2fff second @1800");
  }

  @Test
  void movingARegionToWhereItIsMakesItTheLatestToo() {
    MemoryRegion first = mmio("first", 0x2000);
    place(0x0000, first);
    place(0x1000, mmio("second", 0x2000));
    memory.update(tx -> tx.setAddress(first, 0));
    assertView("0-1fff first @0", "2000-2fff second @1000");
  }

  @Test
  void movingARegionKeepsItBelowAHigherPriority() {
    MemoryRegion low = mmio("low", 0x2000);
    place(0x0000, low);
    place(0x0000, mmio("high", 0x1000), 1);
    memory.update(tx -> tx.setAddress(low, 0));
    assertView("0-fff high @0", "1000-1fff low @1000");
  }

  @Test
  void takingOutAndPlacingAgainMakesTheLatest() {
    MemoryRegion first = mmio("first", 0x1000);
    place(0, first);
    place(0, mmio("second", 0x1000));
    memory.update(tx -> tx.delSubregion(first).addSubregion(system, 0, first));
    assertView("0-fff first @0");
  }

  @Test
  void prioritiesAreComparedAmongSiblingsOnly() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    memory.update(tx -> tx.addSubregion(bus, 0, mmio("loud", 0x1000), 100));
    place(0x0000, bus, 0);
    place(0x0000, mmio("quiet", 0x800), 1);
    assertView("0-7ff quiet @0", "800-fff loud @800");
  }

  @Test
  void holesOfAContainerShowWhatLiesBelow() {
    MemoryRegion.Container bus = container("bus", 0x3000);
    place(bus, 0x1000, mmio("device", 0x1000));
    place(0x0000, mmio("below", 0x3000), 0);
    place(0x0000, bus, 1);
    assertView("0-fff below @0", "1000-1fff device @0", "2000-2fff below @2000");
  }

  @Test
  void reservedPlacesHideWhatLiesBelow() {
    place(0x0000, mmio("below", 0x2000), 0);
    place(0x0000, memory.reserved("keep out", Size.kib(4)), 1);
    assertView("0-fff keep out @0", "1000-1fff below @1000");
  }

  @Test
  void childrenComeBeforeTheirParentsOwnContent() {
    MemoryRegion.Mmio rtc = mmio("rtc", 0x1000);
    memory.update(tx -> tx.addSubregion(rtc, 0x800, mmio("index", 0x100), -5));
    place(0x1000, rtc);
    assertView("1000-17ff rtc @0", "1800-18ff index @0", "1900-1fff rtc @900");
  }

  @Test
  void childrenAreClippedToTheirParent() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0x0800, mmio("sticks out", 0x1000));
    place(bus, 0x1000, mmio("outside", 0x1000));
    place(0x4000, bus);
    assertView("4800-4fff sticks out @0");
  }

  @Test
  void childrenAreClippedToEveryAncestor() {
    MemoryRegion.Container inner = container("inner", 0x10000);
    MemoryRegion.Container outer = container("outer", 0x1000);
    place(inner, 0, memory.mmio("endless", Size.FULL, new Registers()));
    place(outer, 0x400, inner);
    place(0x8000, outer);
    assertView("8400-8fff endless @0");
  }

  @Test
  void offsetsAddUpOnTheWayDown() {
    MemoryRegion.Container outer = container("outer", 0x100000);
    MemoryRegion.Container inner = container("inner", 0x10000);
    place(outer, 0x20000, inner);
    place(inner, 0x3000, mmio("device", 0x100));
    place(0x4000_0000L, outer);
    assertView("40023000-400230ff device @0");
  }

  @Test
  void aThousandNestedContainersRender() {
    MemoryRegion.Parent parent = system;
    for (int i = 0; i < 1_000; i++) {
      MemoryRegion.Container next = memory.container("level " + i, Size.FULL);
      place(parent, 1, next);
      parent = next;
    }
    place(parent, 0, mmio("deep", 1));
    assertView("3e8-3e8 deep @0");
  }

  @Test
  void aDisabledRegionShowsWhatLiesBelow() {
    MemoryRegion device = mmio("device", 0x1000);
    place(0x0000, mmio("below", 0x2000), 0);
    place(0x0000, device, 1);
    enable(device, false);
    assertView("0-1fff below @0");
    enable(device, true);
    assertView("0-fff device @0", "1000-1fff below @1000");
  }

  @Test
  void aDisabledContainerHidesAllThatItContains() {
    MemoryRegion.Container bus = container("bus", 0x2000);
    place(bus, 0, mmio("device", 0x1000));
    place(0, bus);
    enable(bus, false);
    assertView();
  }

  @Test
  void aDisabledParentHidesItsOwnContentAndItsChildren() {
    MemoryRegion.Mmio rtc = mmio("rtc", 0x1000);
    place(rtc, 0, mmio("index", 0x10));
    place(0, rtc);
    enable(rtc, false);
    assertView();
  }

  @Test
  void anEmptyRegionShowsNowhere() {
    place(0x1000, memory.mmio("window", Size.EMPTY, new Registers()));
    place(0x2000, memory.ram("no ram", Size.EMPTY));
    assertView();
  }

  @Test
  void aRegionCanGrowAndShrinkToNothing() {
    MemoryRegion window = memory.mmio("window", Size.EMPTY, new Registers());
    place(0x1000, window);
    memory.update(tx -> tx.setSize(window, Size.bytes(0x800)));
    assertView("1000-17ff window @0");
    memory.update(tx -> tx.setSize(window, Size.EMPTY));
    assertView();
  }

  @Test
  void aRegionOf2To64FillsTheSpace() {
    place(0, memory.mmio("all", Size.FULL, new Registers()));
    assertView("0-ffffffffffffffff all @0");
  }

  @Test
  void aRegionOf2To64Minus1LeavesTheLastByte() {
    place(0, memory.mmio("nearly all", Size.bytes(-1), new Registers()));
    assertView("0-fffffffffffffffe nearly all @0");
  }

  @Test
  void aRegionMayEndExactlyAtTheLastAddress() {
    place(0xffff_ffff_ffff_0000L, ram("firmware", 0x10000));
    assertView("ffffffffffff0000-ffffffffffffffff firmware @0");
  }

  @Test
  void aRegionThatReachesPastTheLastAddressIsCutOff() {
    place(0xffff_ffff_ffff_f000L, mmio("device", 0x2000));
    assertView("fffffffffffff000-ffffffffffffffff device @0");
  }

  @Test
  void aRegionOf2To64AnywhereButAtZeroIsCutOff() {
    place(0x1000, memory.mmio("all", Size.FULL, new Registers()));
    assertView("1000-ffffffffffffffff all @0");
  }

  @Test
  void theLastByteAloneCanBeARegion() {
    place(-1, mmio("last", 1));
    assertView("ffffffffffffffff-ffffffffffffffff last @0");
  }

  @Test
  void addressesAreUnsigned() {
    place(0x7fff_ffff_ffff_f000L, mmio("middle", 0x2000));
    place(0xf000_0000_0000_0000L, mmio("high", 0x1000));
    assertView("7ffffffffffff000-8000000000000fff middle @0", "f000000000000000-f000000000000fff high @0");
  }

  @Test
  void containersHandDownTheirFlags() {
    MemoryRegion.Container outer = container("outer", 0x10000);
    MemoryRegion.Container inner = container("inner", 0x10000);
    memory.update(tx -> tx
        .addSubregion(inner, 0x1000, ram("ram", 0x1000))
        .addSubregion(outer, 0, inner)
        .addSubregion(outer, 0x4000, ram("beside", 0x1000))
        .addSubregion(system, 0, outer)
        .setReadOnly(outer, true)
        .setNonVolatile(inner, true));
    assertView("1000-1fff ram @0 ro nv", "4000-4fff beside @0 ro");
  }

  @Test
  void dirtyMaskAndRomModeAreTheRegionsOwn() {
    MemoryRegion.Container bus = container("bus", 0x4000);
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    memory.update(tx -> tx
        .addSubregion(bus, 0, ram("ram", 0x1000))
        .addSubregion(bus, 0x1000, flash)
        .addSubregion(system, 0, bus)
        .setDirtyLogMask(flash, 2));
    assertView("0-fff ram @0", "1000-1fff flash @0 romd log=2");
    memory.update(tx -> tx.setRomdMode(flash, false));
    assertView("0-fff ram @0", "1000-1fff flash @0 log=2");
  }

  @Test
  void childrenAreListedInTheOrderInWhichTheyWin() {
    place(0x0000, mmio("a", 1), 0);
    place(0x1000, mmio("b", 1), 5);
    place(0x2000, mmio("c", 1), 0);
    place(0x3000, mmio("d", 1), -1);
    assertEquals(List.of("b", "c", "a", "d"), system.children().stream().map(MemoryRegion::name).toList());
  }

  @Test
  void oneCommitRendersManyChangesAsOne() {
    MemoryRegion device = mmio("device", 0x1000);
    place(0, device);
    long before = memory.generation();
    memory.update(tx -> {
      for (long offset = 0x1000; offset < 0x10000; offset += 0x1000) {
        tx.setAddress(device, offset);
      }
    });
    assertView("f000-ffff device @0");
    assertEquals(before + 1, memory.generation());
  }
}
