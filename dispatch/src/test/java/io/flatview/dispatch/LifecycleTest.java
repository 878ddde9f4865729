package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryStatistics;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.Await;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The lives of memory, regions and address spaces. */
class LifecycleTest extends OnAMachine {

  private long blocks() {
    return memory.statistics().ramBlocks();
  }

  // Memory

  @Test
  void memoryIsReservedWhenItIsFirstTouched() {
    place(0, ram("ram", 0x3000));
    assertEquals(0, blocks());
    load(0, 1);
    assertEquals(1, blocks());
    assertEquals(0x3000, memory.statistics().ramBytes());
  }

  @Test
  void memoryIsGivenBackWhenItsLastViewIsGoneAndNotBefore() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      policy.runGracePeriod();
      assertEquals(1, blocks());
      assertLoads(0x1234, 0, 4);
    }
    assertEquals(1, blocks());
    policy.runGracePeriod();
    assertEquals(0, blocks());
    assertEquals(0, memory.statistics().ramBytes());
  }

  @Test
  void memoryStaysWhileAnotherViewShowsIt() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    AddressSpace dma = memory.addressSpace("dma", ram);
    assertStores(0, 4, 0x1234);
    remove(ram);
    dma.close();
    AddressSpace again = memory.addressSpace("again", ram);
    policy.runGracePeriod();
    assertEquals(0x1234, reader.load(again, 0, 4));
    again.close();
    ram.close();
    assertEquals(1, blocks());
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void memoryStaysWhileAReaderSeesAnyOfManyOldViews() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      for (int i = 1; i < 10; i++) {
        long offset = i * 0x1000L;
        memory.update(tx -> tx.setAddress(ram, offset));
        policy.runGracePeriod();
      }
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      policy.runGracePeriod();
      assertLoads(0x1234, 0, 4);
    }
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void memoryThatIsTakenOutButNotClosedKeepsItsContent() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    remove(ram);
    policy.runGracePeriod();
    place(0x8000, ram);
    assertLoads(0x1234, 0x8000, 4);
  }

  @Test
  void memoryClosedWhileAnOldViewShowsItGoesWithThatView() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    remove(ram);
    ram.close();
    assertEquals(1, blocks());
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void memoryClosedInATransactionThatIsTakenBackIsStillThere() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (Transaction tx = memory.begin()) {
      tx.delSubregion(ram);
      ram.close();
    }
    policy.runGracePeriod();
    assertLoads(0x1234, 0, 4);
    remove(ram);
    ram.close();
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void memoryClosedInATransactionThatIsTakenBackIsNotClosedByALaterOne() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (Transaction tx = memory.begin()) {
      try (Transaction nested = memory.begin()) {
        nested.delSubregion(ram);
        ram.close();
      }
      tx.delSubregion(ram).commit();
    }
    policy.runGracePeriod();
    assertEquals(1, blocks());
    place(0, ram);
    assertLoads(0x1234, 0, 4);
  }

  @Test
  void memoryClosedInACommitThatIsRefusedIsStillThere() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    Diary vetoer = new Diary("vetoer", 0, new ArrayList<>());
    space.addListener(vetoer);
    vetoer.onceAt("plan", () -> {
      throw new ArithmeticException("no");
    });
    assertFault(MapFault.Id.VETO, () -> memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    }));
    policy.runGracePeriod();
    assertLoads(0x1234, 0, 4);
  }

  @Test
  void memoryThatNobodyEverShowedIsClosedAtOnce() {
    MemoryRegion ram = ram("ram", 0x1000);
    ram.close();
    assertEquals(0, blocks());
  }

  @Test
  void memoryOfEveryKindIsGivenBack() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    MemoryRegion rom = rom("rom", 0x1000);
    place(0, flash);
    place(0x1000, rom);
    load(0, 1);
    load(0x1000, 1);
    assertEquals(2, blocks());
    memory.update(tx -> {
      tx.delSubregion(flash).delSubregion(rom);
      flash.close();
      rom.close();
    });
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void thousandsOfMemoriesComeAndGo() {
    for (int i = 0; i < 2_000; i++) {
      MemoryRegion ram = ram("ram " + i, 0x1000);
      place(0, ram);
      assertStores(0, 4, i);
      assertLoads(i, 0, 4);
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      policy.runGracePeriod();
    }
    assertEquals(0, blocks());
  }

  @Test
  void aTicketCompletesAfterTheMemoryIsGivenBack() throws Exception {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    load(0, 1);
    CommitTicket ticket = memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    });
    CompletionStage<Long> seen = ticket.quiesced().thenApply(_ -> blocks());
    policy.runGracePeriod();
    assertEquals(0, seen.toCompletableFuture().get(60, TimeUnit.SECONDS));
  }

  @Test
  void memoryLargerThanTheSystemCanGiveIsRefused() {
    assertRefused(IllegalArgumentException.class, () -> memory.ram("all", Size.FULL), "0x10000000000000000");
    assertRefused(
        IllegalArgumentException.class, () -> memory.rom("half", Size.bytes(Long.MIN_VALUE)), "0x8000000000000000");
  }

  // Regions

  @Test
  void regionsHaveNumbersOfTheirOwn() {
    MemoryRegion a = mmio("same", 1);
    MemoryRegion b = mmio("same", 1);
    assertTrue(a.id() != b.id());
    assertTrue(a.toString().contains("'same'") && a.toString().contains("#" + a.id()), a::toString);
  }

  @Test
  void aNewRegionHasNoParentAndNoFlags() {
    MemoryRegion.Mmio region = mmio("region", 0x10);
    assertEquals(Optional.empty(), region.parent());
    assertEquals(0, region.address());
    assertEquals(0, region.priority());
    assertTrue(region.isEnabled());
    assertFalse(region.isReadOnly() || region.isNonVolatile() || region.isUnmergeable());
    assertEquals(0, region.dirtyLogMask());
    assertEquals(List.of(), region.children());
    assertTrue(rom("rom", 1).isReadOnly());
    assertTrue(memory.romDevice("flash", Size.kib(4), new Registers()).isRomdMode());
  }

  @Test
  void aPlacedRegionCannotBeClosed() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    assertFault(MapFault.Id.STILL_IN_USE, uart::close, "'uart'", "'system'", "0000000000001000");
    assertView("1000-10ff uart @0");
  }

  @Test
  void theTargetOfAnOpenAliasCannotBeClosed() {
    MemoryRegion uart = mmio("uart", 0x100);
    MemoryRegion window = alias("window", uart, 0, 0x100);
    assertFault(MapFault.Id.STILL_IN_USE, uart::close, "'uart'", "'window'");
    window.close();
    uart.close();
  }

  @Test
  void anAliasThatIsTakenOutAndDroppedDoesNotKeepItsTarget() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, alias("kept", ram, 0, 0x800));
    dropAliasesOf(ram);
    MemoryRegion last = alias("last", ram, 0x800, 0x800);
    place(0x800, last);
    Await.until("the dropped aliases are collected", () -> {
      System.gc();
      return holders(ram) <= 2;
    });
    assertEquals(2, holders(ram));
    enable(ram, false);
    assertEquals(List.of(), space.flatView().sections());
    enable(ram, true);
    assertEquals(1, space.flatView().sections().size());
    remove(last);
    last.close();
    assertEquals(1, holders(ram));
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  private void dropAliasesOf(MemoryRegion ram) {
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0, alias("in a dropped container", ram, 0, 0x1000));
    for (int i = 0; i < 10; i++) {
      MemoryRegion taken = alias("taken out", ram, 0, 0x1000);
      place(0x1000, taken);
      remove(taken);
    }
  }

  private static int holders(MemoryRegion region) {
    return assertThrows(MapException.class, region::close).faults().size();
  }

  @Test
  void theRootOfAnOpenSpaceCannotBeClosed() {
    assertFault(MapFault.Id.STILL_IN_USE, system::close, "'system'", "root");
    space.close();
    system.close();
  }

  @Test
  void aRootIsFreeOnlyWhenAllItsSpacesAreClosed() {
    AddressSpace second = memory.addressSpace("second", system);
    space.close();
    assertFault(MapFault.Id.STILL_IN_USE, system::close);
    second.close();
    system.close();
  }

  @Test
  void everyHolderIsNamedAtOnce() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    List<MemoryRegion> aliases = List.of(alias("a", ram, 0, 0x1000), alias("b", ram, 0, 0x1000));
    MapException refusal = assertThrows(MapException.class, ram::close);
    Reference.reachabilityFence(aliases);
    assertEquals(3, refusal.faults().size());
    assertNames(refusal, "3 faults", "'system'", "'a'", "'b'");
  }

  @Test
  void aClosedParentLetsItsChildrenGo() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    MemoryRegion uart = mmio("uart", 0x100);
    place(bus, 0, uart);
    bus.close();
    assertEquals(Optional.empty(), uart.parent());
    place(0, uart);
    assertView("0-ff uart @0");
  }

  @Test
  void closingTwiceDoesNothing() {
    MemoryRegion uart = mmio("uart", 0x100);
    uart.close();
    uart.close();
  }

  @Test
  void closingPublishesNothing() {
    long before = memory.generation();
    mmio("uart", 0x100).close();
    assertEquals(before, memory.generation());
  }

  // Address spaces

  @Test
  void spacesAreListedInTheOrderInWhichTheyWereOpened() {
    AddressSpace second = memory.addressSpace("second", system);
    AddressSpace third = memory.addressSpace("third", system);
    assertEquals(List.of(space, second, third), memory.addressSpaces());
    second.close();
    assertEquals(List.of(space, third), memory.addressSpaces());
  }

  @Test
  void aSpaceKnowsItsNameAndItsRoot() {
    assertEquals("memory", space.name());
    assertEquals(system, space.root());
  }

  @Test
  void aNewSpaceIsPublishedAtOnce() {
    place(0, mmio("uart", 0x100));
    long before = memory.generation();
    assertView(memory.addressSpace("dma", system), "0-ff uart @0");
    assertEquals(before + 1, memory.generation());
  }

  @Test
  void aClosedSpaceHasNoView() {
    space.close();
    assertRefused(IllegalStateException.class, space::flatView, "'memory'", "closed");
  }

  @Test
  void aClosedSpaceTakesNoListener() {
    space.close();
    Diary late = new Diary("L", 0, new ArrayList<>());
    assertRefused(IllegalStateException.class, () -> space.addListener(late), "'memory'", "closed");
  }

  @Test
  void aRegistrationOutlivesItsSpaceWithoutHarm() {
    AddressSpace.Registration registration = space.addListener(new Diary("L", 0, new ArrayList<>()));
    space.close();
    registration.close();
  }

  @Test
  void aRegistrationMayBeClosedInTheTransactionThatClosesItsSpace() {
    List<String> told = new ArrayList<>();
    place(0, mmio("uart", 0x100));
    AddressSpace.Registration registration = space.addListener(new Diary("L", 0, told));
    told.clear();
    memory.update(_ -> {
      space.close();
      registration.close();
    });
    assertEquals(1, told.stream().filter(entry -> entry.contains("del")).count());
  }

  @Test
  void aViewMayBeKeptAfterItsSpaceIsClosed() {
    place(0, mmio("uart", 0x100));
    FlatView view = space.flatView();
    space.close();
    assertEquals(List.of("0-ff uart @0"), Picture.of(view));
  }

  // The memory system

  @Test
  void twoMemorySystemsMayShareAPolicy() {
    try (DispatchMemory other = DispatchMemory.create(policy)) {
      AddressSpace theirs = other.addressSpace("theirs", other.mmio("uart", Size.kib(1), new Registers()));
      place(0, mmio("timer", 0x100));
      assertEquals(1, theirs.flatView().sections().size());
      assertEquals("timer", who(0));
    }
  }

  // Statistics

  @Test
  void statisticsCountCommitsAndWhatBecameOfTheirGenerations() {
    policy.runGracePeriod();
    MemoryStatistics before = memory.statistics();
    for (int i = 0; i < 5; i++) {
      place(i * 0x1000L, mmio("device " + i, 0x100));
    }
    MemoryStatistics after = memory.statistics();
    assertEquals(before.generation() + 5, after.generation());
    assertEquals(before.reclaimedGenerations(), after.reclaimedGenerations());
    policy.runGracePeriod();
    assertEquals(after.generation(), memory.statistics().reclaimedGenerations());
  }
}
