package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.TapFilter;
import io.flatview.memory.Doorbell;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Every misuse has an error that names both parties and says what to do, and changes nothing. */
class MisuseTest extends OnAMachine {

  // Placing

  @Test
  void aRegionThatIsPlacedCannotBePlacedAgain() {
    MemoryRegion uart = mmio("uart", 0x100);
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(0x1000, uart);
    assertFault(MapFault.Id.ALREADY_PLACED, () -> place(bus, 0x20, uart),
        "'uart'", "'system'", "0000000000001000", "'bus'", "0000000000000020", "alias");
    assertEquals(List.of(), bus.children());
  }

  @Test
  void aRegionCannotBePlacedInItself() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    assertFault(MapFault.Id.PLACED_IN_ITSELF, () -> place(bus, 0, bus), "'bus'");
  }

  @Test
  void aRegionCannotBePlacedInItsOwnDescendant() {
    MemoryRegion.Container outer = container("outer", 0x1000);
    MemoryRegion.Container inner = container("inner", 0x1000);
    MemoryRegion.Container innermost = container("innermost", 0x1000);
    place(outer, 0, inner);
    place(inner, 0, innermost);
    assertFault(MapFault.Id.PLACED_IN_ITSELF, () -> place(innermost, 0, outer), "'outer'", "'innermost'");
  }

  @Test
  void aRegionCannotBeTakenOutOfAParentThatItIsNotIn() {
    MemoryRegion uart = mmio("uart", 0x100);
    MemoryRegion.Container bus = container("bus", 0x1000);
    place(0x1000, uart);
    assertFault(MapFault.Id.WRONG_PARENT, () -> memory.update(tx -> tx.delSubregion(bus, uart)),
        "'uart'", "'bus'", "'system'", "0000000000001000");
    memory.update(tx -> tx.delSubregion(system, uart));
    assertFault(MapFault.Id.NOT_PLACED, () -> memory.update(tx -> tx.delSubregion(system, uart)), "'uart'");
  }

  @Test
  void aRegionThatIsNotPlacedCannotBeTakenOut() {
    assertFault(MapFault.Id.NOT_PLACED, () -> remove(mmio("uart", 0x100)), "'uart'");
  }

  @Test
  void memoryCannotBeGivenAnotherSize() {
    MemoryRegion ram = ram("ram", 0x1000);
    MemoryRegion rom = rom("rom", 0x1000);
    MemoryRegion flash = memory.romDevice("flash", Size.kib(4), new Registers());
    for (MemoryRegion fixed : List.of(ram, rom, flash)) {
      assertFault(MapFault.Id.FIXED_SIZE, () -> memory.update(tx -> tx.setSize(fixed, Size.kib(8))),
          "'" + fixed.name() + "'", "0x1000", "0x2000", "alias");
      memory.update(tx -> tx.setSize(fixed, Size.kib(4)));
    }
  }

  @Test
  void romCannotBeMadeWritable() {
    MemoryRegion rom = rom("rom", 0x1000);
    assertFault(MapFault.Id.ALWAYS_READ_ONLY, () -> memory.update(tx -> tx.setReadOnly(rom, false)), "'rom'");
    memory.update(tx -> tx.setReadOnly(rom, true));
  }

  // Closed and foreign regions

  @TestFactory
  Stream<DynamicTest> aClosedRegionTakesPartInNothing() {
    MemoryRegion.Container closed = container("gone", 0x1000);
    closed.close();
    return everyUseOf(closed).map(use -> DynamicTest.dynamicTest(use.name,
        () -> assertFault(MapFault.Id.CLOSED, use.attempt, "'gone'", "closed")));
  }

  @TestFactory
  Stream<DynamicTest> aRegionOfAnotherMemorySystemTakesPartInNothing() {
    DispatchMemory other = DispatchMemory.create(policy);
    MemoryRegion.Container foreign = other.container("foreign", Size.kib(4));
    return everyUseOf(foreign).map(use -> DynamicTest.dynamicTest(use.name,
        () -> assertFault(MapFault.Id.FOREIGN, use.attempt, "'foreign'", "another memory system")))
        .onClose(other::close);
  }

  @Test
  void aClosedOrForeignDirtyClientLogsNothing() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    DirtyClient closed = memory.dirtyClient("vga");
    closed.close();
    assertFault(MapFault.Id.DIRTY_CLIENT, () -> memory.update(tx -> tx.startLog(ram, closed)), "'vga'", "'ram'");
    assertFault(MapFault.Id.DIRTY_CLIENT, () -> memory.update(tx -> tx.stopLog(ram, closed)), "'vga'", "'ram'");
    try (DispatchMemory other = DispatchMemory.create(policy)) {
      DirtyClient foreign = other.dirtyClient("foreign");
      memory.dirtyClient("own");
      assertFault(MapFault.Id.DIRTY_CLIENT, () -> memory.update(tx -> tx.startLog(ram, foreign)), "'foreign'", "'ram'");
    }
  }

  @Test
  void aMaskNamesOpenClientsOnly() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    DirtyClient vga = memory.dirtyClient("vga");
    assertFault(MapFault.Id.DIRTY_CLIENT, () -> memory.update(tx -> tx.setDirtyLogMask(ram, 7)), "0x7", "0x6", "'ram'");
    memory.update(tx -> tx.setDirtyLogMask(ram, 1));
    vga.close();
    memory.update(tx -> tx.setDirtyLogMask(ram, 1));
    memory.update(tx -> tx.setDirtyLogMask(ram, 0));
    assertEquals(0, ram.dirtyLogMask());
  }

  @Test
  void aDoorbellOrATapBeyondItsRegionIsRefused() {
    MemoryRegion.Mmio uart = memory.mmio("uart", Size.bytes(0x10), new Registers());
    for (Doorbell beyond : List.of(Doorbell.at(0x10, () -> {}), Doorbell.at(0xd, 4, () -> {}),
        Doorbell.at(-1, 8, () -> {}))) {
      assertFault(MapFault.Id.OUT_OF_REGION, () -> memory.update(tx -> tx.addDoorbell(uart, beyond)), "'uart'", "0x10");
    }
    memory.update(tx -> tx
        .addDoorbell(uart, Doorbell.at(0xc, 4, () -> {}))
        .addDoorbell(uart, Doorbell.at(0xf, () -> {})));
    assertFault(MapFault.Id.OUT_OF_REGION,
        () -> memory.tap(uart, TapFilter.of(new AddressRange(0x10, -1)), _ -> {}), "'uart'", "0x10");
    memory.tap(uart, TapFilter.of(AddressRange.ALL), _ -> {}).remove();
  }

  @Test
  void nothingOfATransactionMayBeNull() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    assertRefused(NullPointerException.class, () -> memory.update(tx -> tx.setSize(ram, null)), "size");
    assertRefused(NullPointerException.class, () -> memory.update(tx -> tx.addSubregion(system, 0, null)), "child");
    assertRefused(NullPointerException.class, () -> memory.update(tx -> tx.startLog(ram, null)), "client");
    assertRefused(NullPointerException.class, () -> memory.update(null), "changes");
    assertView();
  }

  private record Use(String name, Executable attempt) {}

  private Stream<Use> everyUseOf(MemoryRegion.Container region) {
    MemoryRegion uart = mmio("uart", 0x100);
    return Stream.of(
        use("as a child", tx -> tx.addSubregion(system, 0, region)),
        use("as a parent", tx -> tx.addSubregion(region, 0, uart)),
        use("delSubregion", tx -> tx.delSubregion(region)),
        use("setAddress", tx -> tx.setAddress(region, 0x10)),
        use("setSize", tx -> tx.setSize(region, Size.EMPTY)),
        use("setEnabled", tx -> tx.setEnabled(region, false)),
        use("setReadOnly", tx -> tx.setReadOnly(region, true)),
        use("setNoFetch", tx -> tx.setNoFetch(region, true)),
        use("setNonVolatile", tx -> tx.setNonVolatile(region, true)),
        use("setUnmergeable", tx -> tx.setUnmergeable(region, true)),
        new Use("as the target of an alias", () -> memory.alias("window", region, 0, Size.kib(4))),
        new Use("as a root", () -> memory.addressSpace("space", region)));
  }

  /** An edit that is new, and that any region takes, is one of the uses. */
  @Test
  void everyEditOfAnyRegionIsAUse() {
    Set<String> edits = Arrays.stream(Transaction.class.getMethods())
        .filter(method -> method.getParameterCount() > 0 && method.getParameterTypes()[0] == MemoryRegion.class)
        .map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    edits.removeAll(everyUseOf(container("region", 0x100)).map(Use::name).toList());
    assertEquals(Set.of(), edits);
  }

  private Use use(String name, Consumer<Transaction> change) {
    return new Use(name, () -> memory.update(change));
  }

  @Test
  void aClosedAliasCannotBeMoved() {
    MemoryRegion.Alias window = alias("window", mmio("uart", 0x100), 0, 0x100);
    window.close();
    assertFault(MapFault.Id.CLOSED, () -> memory.update(tx -> tx.setAliasOffset(window, 1)), "'window'");
  }

  @Test
  void aClosedRomDeviceCannotBeSwitched() {
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    flash.close();
    assertFault(MapFault.Id.CLOSED, () -> memory.update(tx -> tx.setRomdMode(flash, false)), "'flash'");
  }

  // Transactions

  @Test
  void anEndedTransactionTakesNoChanges() {
    MemoryRegion uart = mmio("uart", 0x100);
    Transaction committed = memory.begin();
    committed.commit();
    assertRefused(IllegalStateException.class, () -> committed.addSubregion(system, 0, uart), "ended");
    assertRefused(IllegalStateException.class, committed::plan, "ended");
    assertRefused(IllegalStateException.class, committed::commit, "ended");
    Transaction closed = memory.begin();
    closed.close();
    assertRefused(IllegalStateException.class, () -> closed.delSubregion(uart), "ended");
  }

  @Test
  void anOuterTransactionWaitsForTheInnermost() {
    MemoryRegion uart = mmio("uart", 0x100);
    try (Transaction outer = memory.begin()) {
      try (Transaction _ = memory.begin()) {
        assertRefused(IllegalStateException.class, () -> outer.addSubregion(system, 0, uart), "nested");
        assertRefused(IllegalStateException.class, outer::commit, "nested");
      }
      outer.addSubregion(system, 0, uart).commit();
    }
    assertView("0-ff uart @0");
  }

  @Test
  void aTransactionBelongsToItsThread() throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    MemoryRegion uart = mmio("uart", 0x100);
    try (Transaction tx = memory.begin()) {
      Thread thief = Thread.ofPlatform().name("thief").start(() -> {
        thrown.add(assertThrows(IllegalStateException.class, () -> tx.addSubregion(system, 0, uart)));
        thrown.add(assertThrows(IllegalStateException.class, tx::commit));
        thrown.add(assertThrows(IllegalStateException.class, tx::close));
      });
      thief.join();
    }
    assertEquals(3, thrown.size());
    thrown.forEach(t -> assertNames(t, "'thief'", "'" + Thread.currentThread().getName() + "'"));
  }

  // Readers

  @Test
  void translatingOutsideASectionIsRefused() {
    assertRefused(
        IllegalStateException.class, () -> reader.translate(space, 0, 1, Access.READ), "'vcpu0'", "section");
    assertRefused(IllegalStateException.class, reader::generation, "'vcpu0'");
  }

  @Test
  void nothingOfAnAccessMayBeNull() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT);
    place(0, memory.mmio("device", Size.bytes(16), device));
    MemTxAttrs plain = MemTxAttrs.UNSPECIFIED;
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    MemorySegment bytes = MemorySegment.ofArray(new byte[4]);
    assertRefused(NullPointerException.class, () -> reader.load(null, 0, 4), "space");
    assertRefused(NullPointerException.class, () -> reader.load(space, 0, 4, null, plain), "order");
    assertRefused(NullPointerException.class, () -> reader.fetch(space, 0, 4, null, plain), "order");
    assertRefused(NullPointerException.class, () -> reader.store(space, 0, 4, 1, null, plain), "order");
    assertRefused(NullPointerException.class, () -> reader.load(space, 0, 4, little, null), "attributes");
    assertRefused(NullPointerException.class, () -> reader.fetch(space, 0, 4, little, null), "attributes");
    assertRefused(NullPointerException.class, () -> reader.store(space, 0, 4, 1, little, null), "attributes");
    assertRefused(NullPointerException.class, () -> reader.read(space, 0, bytes, null), "attributes");
    assertRefused(NullPointerException.class, () -> reader.write(space, 0, bytes, null), "attributes");
    assertRefused(NullPointerException.class, () -> reader.fill(space, 0, 4, (byte) 1, null), "attributes");
    assertEquals(List.of(), device.asked);
  }

  @Test
  void aTranslationOfNoBytesIsRefused() {
    try (ReadSection _ = reader.enter()) {
      assertRefused(IllegalArgumentException.class, () -> reader.translate(space, 0, 0, Access.READ), "at least 1");
    }
  }

  @Test
  void accessesOfOtherSizesAreRefused() {
    for (int size : new int[] {0, -1, 3, 5, 16}) {
      assertRefused(IllegalArgumentException.class, () -> load(0, size), String.valueOf(size));
      assertRefused(IllegalArgumentException.class, () -> store(0, size, 0), String.valueOf(size));
    }
    assertEquals(0, policy.openSections());
  }

  @Test
  void aSpaceOfAnotherMemorySystemIsRefused() {
    try (DispatchMemory other = DispatchMemory.create(policy)) {
      AddressSpace foreign = other.addressSpace("foreign", other.container("root", Size.FULL));
      assertRefused(IllegalArgumentException.class, () -> reader.load(foreign, 0, 4), "'foreign'", "memory system");
      assertRefused(IllegalArgumentException.class, () -> reader.store(foreign, 0, 4, 0), "'foreign'");
      try (ReadSection _ = reader.enter()) {
        assertRefused(
            IllegalArgumentException.class, () -> reader.translate(foreign, 0, 4, Access.READ), "'foreign'");
      }
    }
    assertEquals(0, policy.openSections());
  }

  @Test
  void aReaderCannotBeClosedInsideItsSection() {
    try (ReadSection _ = reader.enter()) {
      assertRefused(IllegalStateException.class, reader::close, "'vcpu0'");
    }
  }

  @Test
  void aReaderCannotGoOfflineOrBeQuiescentInsideItsSection() {
    try (ReadSection _ = reader.enter()) {
      assertRefused(IllegalStateException.class, reader::quiescent, "'vcpu0'");
      assertRefused(IllegalStateException.class, reader::offline, "'vcpu0'");
    }
    reader.quiescent();
    reader.offline();
    assertRefused(IllegalStateException.class, reader::enter, "'vcpu0'");
    reader.online();
    reader.enter().close();
  }

  @Test
  void aClosedReaderCannotEnter() {
    MapReader brief = memory.newReader("brief");
    brief.close();
    assertRefused(IllegalStateException.class, brief::enter, "'brief'");
  }

  @Test
  void theImplicitReaderCannotBeClosed() {
    assertRefused(IllegalStateException.class, memory.reader()::close, "newReader()");
  }

  @Test
  void aSectionCannotBeLeftMoreOftenThanEntered() {
    ReadSection section = reader.enter();
    section.close();
    assertRefused(IllegalStateException.class, section::close, "'vcpu0'");
    reader.enter().close();
  }

  // Listeners

  @Test
  void aListenerCannotBeRegisteredTwiceWithOneSpace() {
    Diary listener = new Diary("greedy", 0, new ArrayList<>());
    AddressSpace.Registration registration = space.addListener(listener);
    assertRefused(IllegalStateException.class, () -> space.addListener(listener), "greedy", "'memory'");
    registration.close();
    space.addListener(listener);
  }

  @Test
  void listenersCannotComeOrGoInsideACallback() {
    List<Throwable> thrown = new ArrayList<>();
    AddressSpace.Registration[] self = new AddressSpace.Registration[1];
    Diary listener = new Diary("L", 0, new ArrayList<>());
    Diary newcomer = new Diary("M", 0, new ArrayList<>());
    self[0] = space.addListener(listener);
    listener.onceAt("add", () -> {
      thrown.add(assertThrows(IllegalStateException.class, () -> space.addListener(newcomer)));
      thrown.add(assertThrows(IllegalStateException.class, self[0]::close));
      thrown.add(assertThrows(IllegalStateException.class, memory::close));
    });
    place(0, mmio("uart", 0x100));
    assertEquals(3, thrown.size());
    thrown.forEach(t -> assertNames(t, "callback"));
  }

  @Test
  void aListenersPriorityThatThrowsRegistersNothing() {
    MemoryListener listener = new MemoryListener() {
      @Override
      public int priority() {
        throw new ArithmeticException("no priority");
      }
    };
    assertRefused(ArithmeticException.class, () -> space.addListener(listener), "no priority");
    place(0, mmio("uart", 0x100));
  }

  // Making things

  @Test
  void nothingIsMadeOfNull() {
    assertRefused(NullPointerException.class, () -> memory.container(null, Size.FULL), "name");
    assertRefused(NullPointerException.class, () -> memory.mmio("uart", Size.FULL, null), "handler");
    assertRefused(NullPointerException.class, () -> memory.romDevice("flash", Size.kib(4), null), "handler");
    assertRefused(NullPointerException.class, () -> memory.iommu("iommu", Size.FULL, null), "translator");
    assertRefused(NullPointerException.class, () -> memory.addressSpace(null, system), "name");
    assertRefused(NullPointerException.class, () -> memory.newReader(null), "name");
    assertRefused(NullPointerException.class, () -> memory.container("no size", null), "size");
    assertRefused(NullPointerException.class, () -> memory.alias("no target", null, 0, Size.FULL), "target");
    assertRefused(NullPointerException.class, () -> DispatchMemory.create(null), "policy");
    assertRefused(NullPointerException.class, () -> DispatchMemory.create(policy, null), "options");
    assertThrows(NullPointerException.class, () -> space.addListener(null));
  }

  @Test
  void pageSizesThatArePossibleAreNamed() {
    for (int size : new int[] {0, 128, 3000, 131072, -4096}) {
      assertRefused(IllegalArgumentException.class, () -> DispatchOptions.defaults().withPageSize(size),
          String.valueOf(size), "256", "65536");
    }
  }

  @Test
  void aHopLimitIsAtLeastOne() {
    assertRefused(IllegalArgumentException.class, () -> DispatchOptions.defaults().withHopLimit(0), "0", "at least 1");
  }
}
