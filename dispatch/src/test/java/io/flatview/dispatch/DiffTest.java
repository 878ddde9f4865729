package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The calls of a listener for the difference between two views. */
class DiffTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  private final List<String> told = new ArrayList<>();
  private final Diary diary = new Diary("L", 0, told);

  private void listen() {
    space.addListener(diary);
    told.clear();
  }

  /** What one transaction makes the listener hear, without its name and the calls around. */
  private void assertTold(Consumer<Transaction> changes, String... expected) {
    told.clear();
    memory.update(changes);
    List<String> body = told.stream().map(entry -> entry.substring(2)).filter(entry -> entry.contains(" ")).toList();
    assertEquals(String.join("\n", expected), String.join("\n", body));
  }

  @Test
  void aNewSectionIsAdded() {
    listen();
    MemoryRegion uart = mmio("uart", 0x100);
    assertTold(tx -> tx.addSubregion(system, 0x1000, uart), "add 1000-10ff uart @0");
  }

  @Test
  void aSectionThatIsGoneIsDeleted() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    listen();
    assertTold(tx -> tx.delSubregion(uart), "del 1000-10ff uart @0");
  }

  @Test
  void aSectionThatStaysIsANop() {
    MemoryRegion timer = mmio("timer", 0x100);
    place(0x1000, mmio("uart", 0x100));
    listen();
    assertTold(tx -> tx.addSubregion(system, 0x2000, timer), "nop 1000-10ff uart @0", "add 2000-20ff timer @0");
  }

  @Test
  void aSectionThatGrowsByOneByteIsDeletedAndAdded() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    listen();
    assertTold(tx -> tx.setSize(uart, Size.bytes(0x101)), "del 1000-10ff uart @0", "add 1000-1100 uart @0");
  }

  @Test
  void aSectionThatMovesIsDeletedAndAdded() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    listen();
    assertTold(tx -> tx.setAddress(uart, 0x800), "del 1000-10ff uart @0", "add 800-8ff uart @0");
  }

  @Test
  void anOffsetThatMovesUnderTheSameRangeIsDeletedAndAdded() {
    MemoryRegion.Alias bank = alias("bank", ram("ram", 0x2000), 0, 0x1000);
    place(0, bank);
    listen();
    assertTold(tx -> tx.setAliasOffset(bank, 0x1000), "del 0-fff ram @0", "add 0-fff ram @1000");
  }

  @Test
  void anotherRegionInTheSameRangeIsDeletedAndAdded() {
    MemoryRegion old = mmio("twin", 0x100);
    place(0, old);
    listen();
    MemoryRegion fresh = mmio("twin", 0x100);
    assertTold(tx -> tx.delSubregion(old).addSubregion(system, 0, fresh), "del 0-ff twin @0", "add 0-ff twin @0");
  }

  @Test
  void aFlagThatChangesIsDeletedAndAdded() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    listen();
    assertTold(tx -> tx.setReadOnly(ram, true), "del 0-fff ram @0", "add 0-fff ram @0 ro");
    assertTold(tx -> tx.setNonVolatile(ram, true), "del 0-fff ram @0 ro", "add 0-fff ram @0 ro nv");
    assertTold(tx -> tx.setUnmergeable(ram, true), "del 0-fff ram @0 ro nv", "add 0-fff ram @0 ro nv unmergeable");
  }

  @Test
  void romModeThatChangesIsDeletedAndAdded() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    place(0, flash);
    listen();
    assertTold(tx -> tx.setRomdMode(flash, false), "del 0-fff flash @0 romd", "add 0-fff flash @0");
    assertTold(tx -> tx.setRomdMode(flash, true), "del 0-fff flash @0", "add 0-fff flash @0 romd");
  }

  @Test
  void aDirtyMaskThatChangesIsANopWithLogStartAndLogStop() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    place(0, vram);
    listen();
    assertTold(tx -> tx.setDirtyLogMask(vram, 1), "nop 0-fff vram @0 log=1", "logStart 0-fff vram @0 log=1 0->1");
    assertTold(tx -> tx.setDirtyLogMask(vram, 3), "nop 0-fff vram @0 log=3", "logStart 0-fff vram @0 log=3 1->3");
    assertTold(tx -> tx.setDirtyLogMask(vram, 4),
        "nop 0-fff vram @0 log=4", "logStart 0-fff vram @0 log=4 3->4", "logStop 0-fff vram @0 log=4 3->4");
    assertTold(tx -> tx.setDirtyLogMask(vram, 0), "nop 0-fff vram @0", "logStop 0-fff vram @0 4->0");
  }

  @Test
  void anUnchangedDirtyMaskIsANopOnly() {
    MemoryRegion.Ram vram = ram("vram", 0x1000);
    MemoryRegion other = mmio("other", 1);
    memory.update(tx -> tx.addSubregion(system, 0, vram).setDirtyLogMask(vram, 1));
    listen();
    assertTold(tx -> tx.addSubregion(system, 0x1000, other), "nop 0-fff vram @0 log=1", "add 1000-1000 other @0");
  }

  @Test
  void anOverlayReplacesTheWholeSectionByItsPieces() {
    MemoryRegion overlay = mmio("overlay", 0x1000);
    place(0, ram("ram", 0x3000));
    listen();
    assertTold(tx -> tx.addSubregion(system, 0x1000, overlay, 1),
        "del 0-2fff ram @0", "add 0-fff ram @0", "add 1000-1fff overlay @0", "add 2000-2fff ram @2000");
    assertTold(tx -> tx.delSubregion(overlay),
        "del 0-fff ram @0", "del 1000-1fff overlay @0", "del 2000-2fff ram @2000", "add 0-2fff ram @0");
  }

  @Test
  void sectionsAtBothEndsOfTheSpaceAreCompared() {
    place(0, mmio("first", 1));
    MemoryRegion last = mmio("last", 1);
    listen();
    assertTold(tx -> tx.addSubregion(system, -1, last),
        "nop 0-0 first @0", "add ffffffffffffffff-ffffffffffffffff last @0");
  }

  @Test
  void aChangeThatDoesNotShowCallsNobodyAndPublishesNothing() {
    MemoryRegion hidden = mmio("hidden", 0x1000);
    place(0, ram("ram", 0x1000), 1);
    place(0, hidden, 0);
    place(0x8000, mmio("beside", 0x100));
    listen();
    long before = memory.generation();
    FlatView view = space.flatView();
    memory.update(tx -> tx.setReadOnly(hidden, true));
    remove(hidden);
    assertEquals(List.of(), told);
    assertEquals(before, memory.generation());
    assertSame(view, space.flatView());
  }

  @Test
  void aTransactionThatTakesBackWhatItDidPublishesNothing() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    listen();
    long before = memory.generation();
    memory.update(tx -> tx.delSubregion(uart).addSubregion(system, 0x1000, uart));
    assertEquals(List.of(), told);
    assertEquals(before, memory.generation());
  }

  @Test
  void buildingAPrivateContainerCallsNobody() {
    listen();
    long before = memory.generation();
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(bus, 0, mmio("device", 0x100));
    place(bus, 0x100, alias("window", bus, 0, 0x100));
    assertEquals(List.of(), told);
    assertEquals(before, memory.generation());
  }

  @Test
  void aListenerOfASpaceThatDoesNotChangeIsNotCalled() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    try (AddressSpace other = memory.addressSpace("other", bus)) {
      List<String> otherTold = new ArrayList<>();
      other.addListener(new Diary("other", 0, otherTold));
      otherTold.clear();
      place(0x1000, mmio("uart", 0x100));
      assertEquals(List.of(), otherTold);
    }
  }

  @Test
  void theChangeListsWhatIsDeletedAndAdded() {
    MemoryRegion gone = mmio("gone", 0x100);
    MemoryRegion fresh = mmio("fresh", 0x100);
    place(0x1000, gone);
    place(0x3000, mmio("stays", 0x100));
    listen();
    FlatView before = space.flatView();
    memory.update(tx -> tx.delSubregion(gone).addSubregion(system, 0x2000, fresh));
    assertSame(space, diary.lastChange.addressSpace());
    assertEquals(memory.generation(), diary.lastChange.generation());
    assertSame(before, diary.lastChange.before());
    assertSame(space.flatView(), diary.lastChange.after());
    assertEquals(List.of("1000-10ff gone @0"), Picture.of(diary.lastChange.removed()));
    assertEquals(List.of("2000-20ff fresh @0"), Picture.of(diary.lastChange.added()));
  }
}
