package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.BankSelection;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.Transaction;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Banks: which variant shows is a store, and seen at the next access. */
class BankTest extends OnAMachine {

  @AfterEach
  void commitsHaveMadeWhatARebuildMakes() {
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  private MemoryRegion.Bank bank(String name, long size, MemoryRegion... variants) {
    MemoryRegion.Bank bank = memory.bank(name, Size.bytes(size), variants.length);
    memory.update(tx -> {
      for (int i = 0; i < variants.length; i++) {
        tx.setVariant(bank, i, variants[i]);
      }
    });
    return bank;
  }

  /** ROM whose pages hold their number, as bytes throughout. */
  private MemoryRegion.Rom pages(String name, int pages, int size) {
    MemoryRegion.Rom rom = rom(name, (long) pages * size);
    for (int page = 0; page < pages; page++) {
      MemorySegment content = MemorySegment.ofArray(new byte[size]);
      content.fill((byte) page);
      rom.copyIn((long) page * size, content);
    }
    return rom;
  }

  private List<String> shown(AddressSpace of) {
    return of.flatView().shown().stream().map(MemoryRegionSection::toString).map(BankTest::shortened).toList();
  }

  private static String shortened(String section) {
    return section.replaceAll("(?<![0-9a-f])0+([0-9a-f])", "$1");
  }

  private void assertShows(String... sections) {
    assertEquals(List.of(sections), shown(space));
  }

  @Test
  void aBankShowsTheVariantThatItSelectsAndNothingBefore() {
    MemoryRegion.Bank bank = bank("bank", 0x1000, rom("first", 0x1000), ram("second", 0x1000));
    place(0x8000, bank);
    assertEquals(MemoryRegion.Bank.NONE, bank.selected());
    assertDecodeErrorOnLoad(0x8000, 4);
    assertShows();
    bank.select(1);
    assertEquals(1, bank.selected());
    assertStores(0x8004, 4, 0x1234);
    assertLoads(0x1234, 0x8004, 4);
    assertShows("8000-8fff second @0");
    bank.select(0);
    assertLoads(0, 0x8004, 4);
    assertEquals("first", who(0x8004));
    bank.select(MemoryRegion.Bank.NONE);
    assertDecodeErrorOnLoad(0x8004, 4);
  }

  @Test
  void aSelectionIsSeenAtTheNextAccessOfAHeldSectionAndMakesNoGeneration() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(16), pages("rom", 16, 0x4000));
    place(0x8000, bank);
    long generation = memory.generation();
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 64; i++) {
        bank.select(i * 7 % 16);
        assertLoads(i * 7 % 16, 0x8000 + i, 1);
        assertLoads(i * 7 % 16, 0x8001 + i, 1);
      }
    }
    assertEquals(generation, memory.generation());
  }

  @Test
  void aSectionOfAnOldGenerationSeesSelectionsToo() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    bank.select(1);
    try (ReadSection _ = reader.enter()) {
      assertLoads(1, 0x8000, 1);
      remove(bank);
      bank.select(3);
      assertLoads(3, 0x8000, 1);
      assertLoads(3, 0x8fff, 1);
    }
    assertDecodeErrorOnLoad(0x8000, 1);
  }

  @Test
  void holesOfAVariantShowWhatLiesBelow() {
    MemoryRegion.Container holed = container("holed", 0x4000);
    place(holed, 0x1000, ram("upper", 0x1000));
    place(0x8000, ram("below", 0x10000), -1);
    MemoryRegion.Bank bank = bank("bank", 0x4000, holed);
    place(0xa000, bank);
    assertShows("8000-9fff below @0", "a000-dfff below @2000", "e000-17fff below @6000");
    bank.select(0);
    assertShows("8000-9fff below @0", "a000-afff below @2000", "b000-bfff upper @0", "c000-dfff below @4000",
        "e000-17fff below @6000");
    assertEquals("below", who(0xafff));
    assertEquals("upper", who(0xb000));
  }

  @Test
  void whatLiesAboveABankHidesIt() {
    MemoryRegion.Bank bank = bank("bank", 0x4000, ram("variant", 0x4000));
    place(0x8000, bank);
    place(0x9000, mmio("device", 0x100), 1);
    bank.select(0);
    assertShows("8000-8fff variant @0", "9000-90ff device @0", "9100-bfff variant @1100");
    assertEquals("device", who(0x9080));
    assertEquals("variant", who(0x9100));
  }

  @Test
  void banksThatOverlapSelectIndependently() {
    MemoryRegion.Container half = container("half", 0x2000);
    place(half, 0, rom("half rom", 0x1000));
    MemoryRegion.Bank upper = bank("upper", 0x2000, half, rom("whole", 0x2000));
    MemoryRegion.Bank lower = bank("lower", 0x2000, ram("one", 0x2000), ram("two", 0x2000));
    place(0x1000, upper, 2);
    place(0x1000, lower, 1);
    lower.select(0);
    assertEquals(List.of("one", "one"), List.of(who(0x1000), who(0x2000)));
    upper.select(0);
    assertEquals(List.of("half rom", "one"), List.of(who(0x1000), who(0x2000)));
    lower.select(1);
    assertEquals(List.of("half rom", "two"), List.of(who(0x1000), who(0x2000)));
    upper.select(1);
    assertEquals(List.of("whole", "whole"), List.of(who(0x1000), who(0x2000)));
    upper.select(-1);
    assertEquals(List.of("two", "two"), List.of(who(0x1000), who(0x2000)));
  }

  @Test
  void aBankInAVariantSelectsForItself() {
    MemoryRegion.Bank inner = bank("inner", 0x1000, rom("a", 0x1000), rom("b", 0x1000));
    MemoryRegion.Bank outer = bank("outer", 0x1000, inner, rom("c", 0x1000));
    place(0, outer);
    outer.select(0);
    inner.select(1);
    assertEquals("b", who(0x10));
    inner.select(0);
    assertEquals("a", who(0x10));
    outer.select(1);
    assertEquals("c", who(0x10));
    inner.select(1);
    outer.select(0);
    assertEquals("b", who(0x10));
  }

  @Test
  void everyWindowOnABankShowsItsSelection() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    AddressSpace other = memory.addressSpace("other", alias("mirror", bank, 0x800, 0x800));
    place(0x8000, bank);
    place(0xa000, alias("window", bank, 0x800, 0x800));
    place(0xc000, alias("again", bank, 0, 0x1000));
    try (ReadSection _ = reader.enter()) {
      for (int i : new int[] {2, 0, 3, 3, 1}) {
        bank.select(i);
        assertLoads(i, 0x8000, 1);
        assertLoads(i, 0xa7ff, 1);
        assertLoads(i, 0xc123, 1);
        assertEquals(i, reader.load(other, 0, 1));
      }
    }
  }

  @Test
  void aBankMayBeTheRootOfASpace() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    AddressSpace only = memory.addressSpace("only", bank);
    bank.select(3);
    assertEquals(3, reader.load(only, 0xfff, 1));
    bank.select(1);
    assertEquals(1, reader.load(only, 0xfff, 1));
  }

  @Test
  void whatChangesInAVariantIsRenderedAlsoWhileItIsNotSelected() {
    MemoryRegion.Container variant = container("variant", 0x1000);
    MemoryRegion.Bank bank = bank("bank", 0x1000, variant, rom("other", 0x1000));
    place(0x8000, bank);
    bank.select(1);
    MemoryRegion device = mmio("device", 0x10);
    place(variant, 0x20, device);
    bank.select(0);
    assertEquals("device", who(0x8020));
    memory.update(tx -> tx.setAddress(device, 0x40));
    assertEquals("unassigned", who(0x8020));
    assertEquals("device", who(0x8040));
    enable(variant, false);
    assertEquals("unassigned", who(0x8040));
    enable(variant, true);
    remove(variant);
    assertEquals("unassigned", who(0x8040));
  }

  @Test
  void anAccessIsCutAtTheEdgeOfABank() {
    MemoryRegion.Ram ram = ram("ram", 0x10000);
    MemoryRegion.Bank bank = bank("bank", 0x1000, ram("variant", 0x1000));
    place(0, ram, -1);
    place(0x1000, bank);
    bank.select(0);
    assertStores(0xffc, 8, 0x8877_6655_4433_2211L);
    assertLoads(0x8877_6655_4433_2211L, 0xffc, 8);
    bank.select(-1);
    assertLoads(0x4433_2211L, 0xffc, 8);
    assertLoads(0, 0x1ffc, 8);
  }

  @Test
  void aDeviceThatSelectsChangesWhatTheNextAccessMeets() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    place(0x100, memory.mmio("mapper", Size.bytes(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return bank.selected();
      }

      @Override
      public void write(long offset, int size, long value) {
        bank.select((int) value);
        assertEquals(value, memory.reader().load(space, 0x8000, 1));
      }
    }));
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 20; i++) {
        assertStores(0x100, 1, i % 4);
        assertLoads(i % 4, 0x8000 + i, 1);
        assertLoads(i % 4, 0x100, 1);
      }
    }
  }

  @Test
  void aCachedRangeFollowsSelections() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    MemoryRegionCache cache = reader.cache(space, 0x8000, 0x1000);
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 8; i++) {
        bank.select(i % 4);
        assertEquals(i % 4, cache.load(0x10, 1));
        assertEquals(i % 4, cache.load(0x20, 1));
      }
    }
  }

  @Test
  void memoryThatABankShowsIsKeptUnderItsSelectionOnly() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    place(0, ram("ram", 0x1000));
    bank.select(2);
    try (ReadSection _ = reader.enter()) {
      Translation translation = reader.translate(space, 0x8010, 16, Access.READ);
      assertNull(translation.memory());
      MemorySegment memory = translation.selectedMemory();
      assertEquals(2, memory.get(ValueLayout.JAVA_BYTE, translation.offset()));
      BankSelection selection = translation.selection();
      assertTrue(selection.isCurrent());
      bank.select(1);
      assertFalse(selection.isCurrent());
      bank.select(2);
      assertTrue(selection.isCurrent());
      translation = reader.translate(space, 0x10, 16, Access.READ);
      assertNull(translation.selection());
      assertNotNull(translation.selectedMemory());
      assertEquals(translation.memory(), translation.selectedMemory());
    }
  }

  @Test
  void theWayThroughAnIommuFollowsSelections() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL,
        (address, _, _, _, entry) -> entry.grant(space, address & ~0xfffL, 0xfff, true, true)));
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 8; i++) {
        bank.select(i % 4);
        assertEquals(i % 4, reader.load(dma, 0x8010, 1));
        assertEquals(i % 4, reader.load(dma, 0x8020, 1));
      }
    }
  }

  @Test
  void anIommuMayBeAVariant() {
    place(0, ram("ram", 0x1000));
    assertStores(0x10, 1, 7);
    MemoryRegion iommu = memory.iommu("iommu", Size.kib(4),
        (_, _, _, _, entry) -> entry.grant(space, 0, 0xfff, true, true));
    MemoryRegion.Bank bank = bank("bank", 0x1000, iommu, pages("rom", 1, 0x1000));
    place(0x8000, bank);
    bank.select(0);
    assertLoads(7, 0x8010, 1);
    bank.select(1);
    assertLoads(0, 0x8010, 1);
    bank.select(0);
    assertLoads(7, 0x8010, 1);
  }

  @Test
  void aTransferGoesThroughABank() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    place(0x9000, ram("ram", 0x1000));
    bank.select(3);
    byte[] bytes = new byte[0x1010];
    assertTrue(reader.read(space, 0x8000, MemorySegment.ofArray(bytes), MemTxAttrs.UNSPECIFIED).isOk());
    assertEquals(3, bytes[0xfff]);
    assertEquals(0, bytes[0x1000]);
  }

  @Test
  void aWindowKeepsTheMemoryThatItWasMappedOn() {
    MemoryRegion.Bank bank = memory.bank("prg", Size.kib(4), pages("rom", 4, 0x1000));
    place(0x8000, bank);
    bank.select(1);
    if (space.map(0x8000, 0x1000, Access.READ) instanceof MapResult.Whole(var window)) {
      bank.select(2);
      assertEquals(1, window.segment().get(ValueLayout.JAVA_BYTE, 0));
      window.close();
    } else {
      throw new AssertionError("memory was not mapped");
    }
  }

  @Test
  void theMemoryOfEveryVariantLivesAsLongAsItCanBeSelected() {
    MemoryRegion.Ram first = ram("first", 0x1000);
    MemoryRegion.Ram second = ram("second", 0x1000);
    MemoryRegion.Bank bank = bank("bank", 0x1000, first, second);
    place(0x8000, bank);
    bank.select(0);
    try (ReadSection _ = reader.enter()) {
      assertLoads(0, 0x8000, 4);
      memory.update(tx -> {
        tx.delSubregion(second);
        second.close();
      });
      policy.runGracePeriod();
      assertFalse(second.released().toCompletableFuture().isDone());
      bank.select(1);
      assertStores(0x8000, 4, 5);
      assertLoads(5, 0x8000, 4);
    }
    policy.runGracePeriod();
    assertTrue(second.released().toCompletableFuture().isDone());
  }

  @Test
  void loggedMemoryIsMarkedThroughABank() {
    MemoryRegion.Ram ram = ram("ram", 0x2000);
    MemoryRegion.Bank bank = bank("bank", 0x2000, ram);
    place(0x8000, bank);
    var client = memory.dirtyClient("migration");
    memory.update(tx -> tx.startLog(ram, client));
    client.snapshotAndClear(ram);
    bank.select(0);
    assertStores(0x9000, 4, 1);
    bank.select(-1);
    var dirty = client.snapshotAndClear(space, new AddressRange(0, 0xffff));
    assertEquals(1, dirty.size());
    assertEquals(ram, dirty.getFirst().region());
  }

  @Test
  void aTapOnAVariantAndOneOnTheAddressesAreCalled() {
    MemoryRegion.Rom first = rom("first", 0x1000);
    MemoryRegion.Bank bank = bank("bank", 0x1000, first, rom("second", 0x1000));
    place(0x8000, bank);
    List<String> told = new ArrayList<>();
    try (var _ = memory.tap(
            first, TapFilter.of(AddressRange.ALL), access -> told.add("on " + access.region().name()));
        var _ = memory.tap(space, TapFilter.of(AddressRange.ALL),
            access -> told.add("at " + Long.toHexString(access.address()) + " " + access.region().name()))) {
      bank.select(0);
      load(0x8010, 1);
      bank.select(1);
      load(0x8011, 1);
    }
    assertEquals(List.of("on first", "at 8010 first", "at 8011 second"), told);
  }

  @Test
  void whatIsWrongWithAVariantIsSaidBeforeAnythingChanges() {
    MemoryRegion.Bank bank = bank("bank", 0x1000, rom("first", 0x1000));
    MemoryRegion other = rom("other", 0x1000);
    assertFault(MapFault.Id.BANK_VARIANT, () -> memory.update(tx -> tx.setVariant(bank, 0, other)),
        "'other'", "'bank'", "'first'", "variant 0");
    assertFault(MapFault.Id.BANK_VARIANT, () -> memory.update(tx -> tx.setVariant(bank, 1, other)),
        "'other'", "'bank'");
    assertFault(MapFault.Id.BANK_VARIANT, () -> memory.update(tx -> tx.setVariant(bank, -1, other)), "variant -1");
    assertFault(MapFault.Id.BANK_VARIANT, () -> place(bank, 0, other), "'bank'", "setVariant");
    assertRefused(IndexOutOfBoundsException.class, () -> bank.select(1), "'bank'", "variant 1");
    assertRefused(IndexOutOfBoundsException.class, () -> bank.select(-2), "'bank'", "variant -2");
    assertRefused(IllegalArgumentException.class, () -> memory.bank("none", Size.kib(4), 0), "'none'");
    assertRefused(IllegalArgumentException.class, () -> memory.bank("none", Size.EMPTY, other), "'none'");
    assertEquals(MemoryRegion.Bank.NONE, bank.selected());
    assertEquals(Optional.empty(), other.parent());
  }

  @Test
  void aVariantThatIsInUseCannotBeClosed() {
    MemoryRegion.Rom first = rom("first", 0x1000);
    bank("bank", 0x1000, first);
    assertFault(MapFault.Id.STILL_IN_USE, first::close, "'first'", "'bank'");
  }

  @Test
  void aMissingVariantShowsNothing() {
    MemoryRegion.Bank bank = memory.bank("bank", Size.kib(4), 3);
    memory.update(tx -> tx.setVariant(bank, 2, rom("third", 0x1000)).addSubregion(system, 0x8000, bank));
    bank.select(1);
    assertDecodeErrorOnLoad(0x8000, 1);
    assertEquals(Optional.empty(), bank.variant(1));
    bank.select(2);
    assertEquals("third", who(0x8000));
  }

  @Test
  void whatIsInheritedReachesTheVariant() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    MemoryRegion.Bank bank = bank("bank", 0x1000, ram);
    place(0x8000, bank);
    bank.select(0);
    assertStores(0x8000, 4, 1);
    memory.update(tx -> tx.setReadOnly(bank, true));
    assertFalse(store(0x8000, 4, 2).isOk());
    assertLoads(1, 0x8000, 4);
  }

  @Test
  void banksWithHolesThatOverlapBeyondAllMeasureAreRefused() {
    List<MemoryRegion.Bank> banks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      MemoryRegion.Bank bank = memory.bank("bank " + i, Size.kib(4), 64);
      memory.update(tx -> {
        for (int n = 0; n < 64; n++) {
          tx.setVariant(bank, n, mmio("device", 0x10));
        }
      });
      banks.add(bank);
    }
    assertFault(MapFault.Id.VIEW_TOO_LARGE, () -> memory.update(tx -> {
      for (int i = 0; i < 4; i++) {
        tx.addSubregion(system, 0x8000, banks.get(i), i);
      }
    }), "banks overlap");
    assertShows();
  }

  @Test
  void aBankOfMoreVariantsThanItCanHaveIsRefused() {
    for (int variants : new int[] {Integer.MIN_VALUE, 0, MemoryRegion.Bank.MOST_VARIANTS + 1, Integer.MAX_VALUE}) {
      String message = assertThrows(
          IllegalArgumentException.class, () -> memory.bank("window", Size.kib(4), variants)).getMessage();
      assertEquals("bank 'window' of " + variants + " variants; 1 to 65536 are possible", message);
    }
  }

  /** A search through all variants for each of them would take minutes. */
  @Test
  @Timeout(180)
  void theMostVariantsAreSetAndReplacedInTimeThatFollowsThem() {
    int most = MemoryRegion.Bank.MOST_VARIANTS;
    MemoryRegion.Bank bank = memory.bank("window", Size.bytes(256), rom("cartridge", 256L * most));
    MemoryRegion.Ram ram = ram("ram", 256);
    memory.update(tx -> {
      for (int i = 0; i < most; i++) {
        tx.delSubregion(bank.variant(i).orElseThrow());
        tx.setVariant(bank, i, memory.alias("other", ram, 0, Size.bytes(256)));
      }
    });
    assertEquals("other", bank.variant(most - 1).orElseThrow().name());
  }

  @Test
  void whatIsUndoneLeavesTheVariantsAsTheyWere() {
    MemoryRegion.Ram first = ram("first", 256);
    MemoryRegion.Ram second = ram("second", 256);
    MemoryRegion.Bank bank = memory.bank("window", Size.bytes(256), 8);
    memory.update(tx -> tx.setVariant(bank, 3, first));
    try (Transaction tx = memory.begin()) {
      tx.delSubregion(first).setVariant(bank, 3, second).setVariant(bank, 7, first);
      assertEquals(Optional.of(second), bank.variant(3));
      assertEquals(Optional.of(first), bank.variant(7));
    }
    assertEquals(Optional.of(first), bank.variant(3));
    assertEquals(Optional.empty(), bank.variant(7));
    memory.update(tx -> tx.setVariant(bank, 7, second));
    assertEquals(Optional.of(first), bank.variant(3));
    assertEquals(Optional.of(second), bank.variant(7));
  }
}
