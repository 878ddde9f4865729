package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows on other regions. */
class AliasTest extends OnAMachine {

  @Test
  void anAliasShowsAWindowOfItsTarget() {
    place(0x8000, alias("window", ram("ram", 0x4000), 0x1000, 0x1000));
    assertView("8000-8fff ram @1000");
  }

  @Test
  void aTargetsOwnPlaceDoesNotMatter() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0x10_0000, ram);
    place(0x8000, alias("window", ram, 0x1000, 0x1000));
    assertView("8000-8fff ram @1000", "100000-103fff ram @0");
    memory.update(tx -> tx.setAddress(ram, 0x20_0000));
    assertView("8000-8fff ram @1000", "200000-203fff ram @0");
  }

  @Test
  void anAliasOffsetMayExceedTheAliassPosition() {
    place(0x100, alias("window", ram("ram", 0x10000), 0x8000, 0x1000));
    assertView("100-10ff ram @8000");
  }

  @Test
  void aTargetAtAHighAddressMayShowAtZero() {
    MemoryRegion.Container pci = memory.container("pci", Size.FULL);
    place(pci, 0xe000_0000_0000_0000L, mmio("bar", 0x1000));
    place(0, alias("hole", pci, 0xe000_0000_0000_0000L, 0x2000));
    assertView("0-fff bar @0");
  }

  @Test
  void aWindowCutByItsParentStillCountsFromItsOwnStart() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0x800, alias("window", ram("ram", 0x4000), 0x1000, 0x2000));
    place(0x4000, bus);
    assertView("4800-4fff ram @1000");
  }

  @Test
  void anAliasOfAnAliasAddsTheOffsets() {
    MemoryRegion inner = alias("inner", ram("ram", 0x8000), 0x2000, 0x4000);
    place(0, alias("outer", inner, 0x1000, 0x1000));
    assertView("0-fff ram @3000");
  }

  @Test
  void anAliasOfAnAliasIsClippedByBoth() {
    MemoryRegion inner = alias("inner", ram("ram", 0x8000), 0x2000, 0x1800);
    place(0, alias("outer", inner, 0x1000, 0x1000));
    assertView("0-7ff ram @3000");
  }

  @Test
  void anAliasOfADisabledTargetShowsNothing() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, alias("window", ram, 0, 0x1000));
    enable(ram, false);
    assertView();
    enable(ram, true);
    assertView("0-fff ram @0");
  }

  @Test
  void aDisabledAliasHidesTheTargetHereOnly() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion window = alias("window", ram, 0, 0x1000);
    place(0x4000, ram);
    place(0, window);
    enable(window, false);
    assertView("4000-4fff ram @0");
  }

  @Test
  void aDisabledParentOfTheTargetDoesNotHideIt() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    MemoryRegion ram = ram("ram", 0x1000);
    place(bus, 0, ram);
    place(0x4000, bus);
    place(0, alias("window", ram, 0, 0x1000));
    enable(bus, false);
    assertView("0-fff ram @0");
  }

  @Test
  void aWindowLargerThanItsTargetIsClipped() {
    place(0, alias("window", mmio("io", 0x1000), 0x800, 0x4000));
    assertView("0-7ff io @800");
  }

  @Test
  void aWindowBeyondItsTargetShowsNothing() {
    place(0, alias("window", mmio("io", 0x1000), 0x1000, 0x1000));
    assertView();
  }

  @Test
  void aWindowOf2To64ShowsAllOfA2To64Target() {
    MemoryRegion all = memory.mmio("all", Size.FULL, new Registers());
    place(0, memory.alias("window", all, 0, Size.FULL));
    assertView("0-ffffffffffffffff all @0");
  }

  @Test
  void aWindowWhoseOffsetWouldPassTheEndOfTheTargetIsClippedThere() {
    MemoryRegion all = memory.mmio("all", Size.FULL, new Registers());
    place(0x1000, memory.alias("window", all, 0xffff_ffff_ffff_f800L, Size.FULL));
    assertView("1000-17ff all @fffffffffffff800");
  }

  @Test
  void anAliasOfAContainerKeepsItsHoles() {
    MemoryRegion.Container pci = container("pci", 0x4000);
    place(pci, 0x1000, mmio("bar", 0x1000));
    place(0x0000, mmio("below", 0x4000), 0);
    place(0x0000, alias("window", pci, 0, 0x4000), 1);
    assertView("0-fff below @0", "1000-1fff bar @0", "2000-3fff below @2000");
  }

  @Test
  void movingTheWindowShowsAnotherPart() {
    MemoryRegion.Alias bank = alias("bank", ram("ram", 0x8000), 0, 0x1000);
    place(0x4000, bank);
    memory.update(tx -> tx.setAliasOffset(bank, 0x3000));
    assertView("4000-4fff ram @3000");
  }

  @Test
  void aChangeBelowTheTargetShowsThroughTheAlias() {
    MemoryRegion.Container pci = container("pci", 0x4000);
    place(0x8000, alias("window", pci, 0, 0x4000));
    place(pci, 0x1000, mmio("bar", 0x1000));
    assertView("9000-9fff bar @0");
  }

  @Test
  void flagsOfAnAliasHoldForWhatIsSeenThroughIt() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion pam = alias("pam", ram, 0, 0x1000);
    place(0x4000, ram);
    place(0, pam);
    memory.update(tx -> tx.setReadOnly(pam, true).setNonVolatile(pam, true));
    assertView("0-fff ram @0 ro nv", "4000-4fff ram @0");
  }

  @Test
  void aMirrorOfAnAncestorEndsWhereItsWindowEnds() {
    MemoryRegion.Container board = container("board", 0x4000);
    place(board, 0, ram("ram", 0x1000));
    place(board, 0x2000, alias("mirror", board, 0, 0x2000));
    place(0, board);
    assertView("0-fff ram @0", "2000-2fff ram @0");
  }

  @Test
  void aMirrorThatHoldsItselfRepeatsUntilItIsClippedAway() {
    MemoryRegion.Container board = container("board", 0x4000);
    place(board, 0, ram("ram", 0x1000));
    place(board, 0x1000, alias("mirror", board, 0, 0x3000));
    place(0, board);
    assertView("0-fff ram @0", "1000-1fff ram @0", "2000-2fff ram @0", "3000-3fff ram @0");
  }

  @Test
  void mirrorsOfTheWholeMapInTheMap() {
    place(0, ram("block", 0x1000));
    for (int i = 1; i < 64; i++) {
      place(i * 0x1000L, alias("mirror " + i, system, 0, 0x1000));
    }
    assertEquals(64, space.flatView().sections().size());
    assertEquals("block", who(63 * 0x1000L));
  }

  @Test
  void anAliasThatLeadsBackToItselfIsRefused() {
    MemoryRegion.Container bus = container("bus", 0x4000);
    MemoryRegion loop = alias("loop", bus, 0, 0x4000);
    place(bus, 0x8000, mmio("outside", 0x1000));
    place(0x1000, bus);
    assertFault(MapFault.Id.ALIAS_RECURSION, () -> place(bus, 0, loop), "'loop'", "'bus'", "0000000000001000");
    assertEquals(List.of("outside"), bus.children().stream().map(MemoryRegion::name).toList());
    assertView();
  }

  @Test
  void twoAliasesThatLeadToEachOtherAreRefused() {
    MemoryRegion.Container left = container("left", 0x1000);
    MemoryRegion.Container right = container("right", 0x1000);
    memory.update(tx -> tx
        .addSubregion(left, 0, alias("to right", right, 0, 0x1000))
        .addSubregion(left, 0x800, mmio("beside", 0x10), -1)
        .addSubregion(right, 0, alias("to left", left, 0, 0x1000)));
    assertFault(MapFault.Id.ALIAS_RECURSION, () -> place(0, left), "'to right'", "'to left'");
    assertView();
  }

  @Test
  void aMirrorThatNarrowsTooSlowlyIsRefused() {
    MemoryRegion.Container board = container("board", 0x1_0000_0000L);
    place(board, 1, alias("creep", board, 0, 0x1_0000_0000L));
    assertFault(MapFault.Id.ALIAS_RECURSION, () -> place(0, board), "'creep'", "'board'");
  }

  /** Two aliases of the board in the board: as many paths as Fibonacci's 64th number, and not an address to show. */
  @Test
  void mirrorsOfMirrorsThatShowNothingEndSoon() {
    DispatchMemory abandoned = DispatchMemory.create(new ManualReclaimPolicy());
    MemoryRegion.Container board = abandoned.container("board", Size.kib(256));
    abandoned.update(tx -> tx
        .addSubregion(board, 0x1000, abandoned.alias("one up", board, 0, Size.kib(256)))
        .addSubregion(board, 0x2000, abandoned.alias("two up", board, 0, Size.kib(256))));
    AddressSpace dma =
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> abandoned.addressSpace("dma", board));
    assertEquals(List.of(), dma.flatView().sections());
  }

  @Test
  void mirrorsOfMirrorsShowTheirContentEverywhere() {
    MemoryRegion.Container board = container("board", 0x40000);
    memory.update(tx -> tx
        .addSubregion(board, 0x1000, alias("one up", board, 0, 0x40000))
        .addSubregion(board, 0x2000, alias("two up", board, 0, 0x40000))
        .addSubregion(board, 0x0800, ram("ram", 0x400)));
    place(0, board);
    assertEquals(64, space.flatView().sections().size());
    assertEquals("ram", who(0x3f800));
    assertEquals("unassigned", who(0x3fc00));
  }

  @Test
  void anAliasThatNobodyShowsMayLeadAnywhere() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0, alias("loop", bus, 0, 0x1000));
    assertView();
  }

  @Test
  void aTargetMayBeOfAnyKind() {
    MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.kib(4), (_, _, _, _, _) -> {});
    place(0x0000, alias("a", rom("rom", 0x1000), 0, 0x1000));
    place(0x1000, alias("b", iommu, 0, 0x1000));
    place(0x2000, alias("c", memory.reserved("reserved", Size.kib(4)), 0, 0x1000));
    place(0x3000, alias("d", memory.romDevice("flash", Size.kib(4), new Registers()), 0, 0x1000));
    assertView("0-fff rom @0 ro", "1000-1fff iommu @0", "2000-2fff reserved @0", "3000-3fff flash @0 romd");
  }
}
