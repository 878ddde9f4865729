package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamBacking;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RAM whose parts are populated and discarded, and the listeners that follow. */
class SparseRamTest extends OnAMachine {

  private static final long G = 0x1000;
  private static final long SIZE = 0x10000;
  private static final long AT = 0x8000_0000L;

  private final MemoryRegion.Ram ram = ram("dimm", SIZE);
  private final RamDiscardManager manager = ram.newDiscardManager(G);
  private final Mapper mapper = new Mapper();

  /** A section of some offsets of the memory, at addresses of its own. */
  private MemoryRegionSection section(MemoryRegion region, long first, long last) {
    return new MemoryRegionSection(
        new AddressRange(AT + first, AT + last), region, first, SectionAttributes.NONE);
  }

  private MemoryRegionSection section(long first, long last) {
    return section(ram, first, last);
  }

  private MemoryRegionSection whole() {
    return section(0, SIZE - 1);
  }

  private RamDiscardManager.Registration listen() {
    return manager.addListener(mapper, whole());
  }

  private List<String> populated() {
    List<String> parts = new ArrayList<>();
    manager.replayPopulated(whole(), part -> parts.add(Mapper.offsets(part)));
    return parts;
  }

  private List<String> discarded() {
    List<String> parts = new ArrayList<>();
    manager.replayDiscarded(whole(), part -> parts.add(Mapper.offsets(part)));
    return parts;
  }

  // Making one

  @Test
  void aMemoryIsSparseFromTheStartAndAllDiscarded() {
    assertEquals(Optional.of(manager), ram.discardManager());
    assertSame(ram, manager.region());
    assertEquals(G, manager.granularity());
    assertEquals(List.of(), populated());
    assertEquals(List.of("0-ffff"), discarded());
    assertEquals(Optional.empty(), ram("plain", SIZE).discardManager());
  }

  @Test
  void aMemoryHasOneManager() {
    assertRefused(IllegalStateException.class, () -> ram.newDiscardManager(G), "'dimm'", "already", "0x1000");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 0x1001, 0x3000, 0x800, 0x2_0000})
  void aGranuleIsAPowerOfTwoOfAtLeastAPageThatDividesTheMemory(long granularity) {
    MemoryRegion.Ram other = ram("other", SIZE);
    assertRefused(IllegalArgumentException.class, () -> other.newDiscardManager(granularity), "'other'");
    assertEquals(Optional.empty(), other.discardManager());
    assertEquals(SIZE, other.newDiscardManager(SIZE).granularity());
  }

  @Test
  void anEmptyMemoryAndAnUnevenOneAreRefused() {
    assertRefused(IllegalArgumentException.class, () -> ram("empty", 0).newDiscardManager(G), "'empty'");
    assertRefused(IllegalArgumentException.class, () -> ram("uneven", 0x1800).newDiscardManager(G), "'uneven'");
  }

  @Test
  void aMemoryThatIsShownCannotBecomeSparse() {
    MemoryRegion.Ram placed = ram("placed", SIZE);
    place(AT, placed);
    assertFault(MapFault.Id.STILL_IN_USE, () -> placed.newDiscardManager(G), "'placed'", "sparse", "'system'");
    MemoryRegion.Ram aliased = ram("aliased", SIZE);
    MemoryRegion window = alias("window", aliased, 0, SIZE);
    assertFault(MapFault.Id.STILL_IN_USE, () -> aliased.newDiscardManager(G), "'aliased'", "'window'");
    window.close();
    MemoryRegion.Ram root = ram("root", SIZE);
    try (AddressSpace _ = memory.addressSpace("own", root)) {
      assertFault(MapFault.Id.STILL_IN_USE, () -> root.newDiscardManager(G), "'root'", "root of an open address space");
    }
    remove(placed);
    assertEquals(G, placed.newDiscardManager(G).granularity());
  }

  /** The change might be undone, and the memory shown without any listener having seen the manager. */
  @Test
  void aTransactionThatHasChangedSomethingMakesNoMemorySparse() {
    MemoryRegion.Ram placed = ram("placed", SIZE);
    place(AT, placed);
    try (Transaction tx = memory.begin()) {
      tx.delSubregion(placed);
      assertRefused(IllegalStateException.class, () -> placed.newDiscardManager(G), "'placed'", "transaction");
    }
    MemoryRegion.Ram fresh = ram("fresh", SIZE);
    memory.update(tx -> {
      fresh.newDiscardManager(G);
      tx.addSubregion(system, 0, fresh);
    });
    assertTrue(fresh.discardManager().isPresent());
  }

  @Test
  void aClosedOrReadOnlyMemoryCannotBecomeSparse() {
    MemoryRegion.Ram closed = ram("closed", SIZE);
    closed.close();
    assertRefused(IllegalStateException.class, () -> closed.newDiscardManager(G), "'closed'", "closed");
    try (Arena arena = Arena.ofShared()) {
      MemoryRegion.Ram rom = memory.ram("rom", RamBacking.of(arena.allocate(SIZE, G).asReadOnly()));
      assertRefused(IllegalStateException.class, () -> rom.newDiscardManager(G), "'rom'", "read-only");
      rom.close();
    }
  }

  // Populating and discarding

  @Test
  void listenersAreCalledForThePartsThatChange() {
    listen();
    manager.populate(0x2000, 0x1000);
    manager.populate(0x4000, 0x1000);
    assertEquals(List.of("+2000-2fff", "+4000-4fff"), mapper.told());
    manager.populate(0x1000, 0x5000);
    assertEquals(List.of("+1000-1fff", "+3000-3fff", "+5000-5fff"), mapper.told());
    assertEquals(List.of("1000-5fff"), populated());
    manager.populate(0x1000, 0x5000);
    assertEquals(List.of(), mapper.told());
    manager.discard(0x3000, 0x1000);
    manager.discard(0, SIZE);
    assertEquals(List.of("-3000-3fff", "-1000-2fff", "-4000-5fff"), mapper.told());
    assertEquals(List.of("0-ffff"), discarded());
    manager.discard(0, SIZE);
    assertEquals(List.of(), mapper.told());
  }

  @Test
  void sectionsAreCutToTheRegisteredOneInAddressAndOffset() {
    MemoryRegionSection shown =
        new MemoryRegionSection(new AddressRange(0x70800, 0x72bff), ram, 0x1800, SectionAttributes.NONE);
    List<MemoryRegionSection> sections = new ArrayList<>();
    mapper.onPopulate = sections::add;
    manager.addListener(mapper, shown);
    manager.populate(0, 0x2000);
    manager.populate(0x3000, 0x2000);
    manager.populate(0x8000, 0x1000);
    assertEquals(List.of(
        new MemoryRegionSection(new AddressRange(0x70800, 0x70fff), ram, 0x1800, SectionAttributes.NONE),
        new MemoryRegionSection(new AddressRange(0x72000, 0x72bff), ram, 0x3000, SectionAttributes.NONE)), sections);
    assertEquals(List.of("+1800-1fff", "+3000-3bff"), mapper.told());
    manager.replayDiscarded(shown, part -> assertEquals("2000-2fff", Mapper.offsets(part)));
  }

  @Test
  void listenersAreCalledInTheOrderOfRegistrationAndInItsReverse() {
    List<String> told = new ArrayList<>();
    manager.addListener(new Mapper("a", told), whole());
    manager.addListener(new Mapper("b", told), section(0, 0xfff));
    manager.populate(0, 0x2000);
    manager.discard(0, 0x2000);
    assertEquals(List.of("a+0-1fff", "b+0-fff", "b-0-fff", "a-0-1fff"), told);
  }

  @Test
  void aPartIsPopulatedAfterAllHaveAcceptedAndDiscardedBeforeTheFirstIsCalled() {
    List<Boolean> seen = new ArrayList<>();
    mapper.onPopulate = part -> seen.add(manager.isPopulated(part));
    mapper.onDiscard = part -> seen.add(manager.isPopulated(part));
    listen();
    manager.populate(0, G);
    assertTrue(manager.isPopulated(0, G));
    manager.discard(0, G);
    assertEquals(List.of(false, false), seen);
  }

  /** A listener may read what it is to drop: the memory is given back afterwards. */
  @Test
  void memoryIsGivenBackAfterTheListenersWereCalledAndIsMarkedDirty() {
    DirtyClient client = memory.dirtyClient("migration");
    place(AT, ram);
    memory.update(tx -> tx.startLog(ram, client));
    manager.populate(0, 0x2000);
    assertStores(AT + 0x1008, 8, 42);
    List<Long> seen = new ArrayList<>();
    mapper.onDiscard = part -> seen.add(load(part.range().first() + 8, 8));
    manager.addListener(mapper, space.flatView().find(AT).orElseThrow());
    client.snapshotAndClear(ram);
    manager.discard(0x1000, 0x1000);
    assertEquals(List.of(42L), seen);
    assertLoads(0, AT + 0x1008, 8);
    assertEquals(1, client.snapshotAndClear(ram).pages());
  }

  @Test
  void aPartThatWasDiscardedAlreadyIsZeroedAgain() {
    place(AT, ram);
    assertStores(AT, 8, 42);
    listen();
    manager.discard(0, G);
    assertLoads(0, AT, 8);
    assertEquals(List.of(), mapper.told());
  }

  @Test
  void accessesDoNotLookAtTheState() {
    place(AT, ram);
    assertStores(AT + 0x1000, 8, 7);
    assertLoads(7, AT + 0x1000, 8);
  }

  @ParameterizedTest
  @CsvSource({"800,1000", "0,800", "1000,fff", "1001,1001"})
  void aRangeOfHalfGranulesIsRefused(String offset, String length) {
    listen();
    for (Consumer<long[]> change : changes()) {
      assertRefused(IllegalArgumentException.class, () -> change.accept(range(offset, length)), "'dimm'", "0x1000");
    }
    assertEquals(List.of(), mapper.told());
  }

  @ParameterizedTest
  @CsvSource({
    "10000,1000", "f000,2000", "0,11000", "1000,7ffffffffffff000", "7ffffffffffff000,1000", "-1000,1000", "0,-1000",
    "-1000,2000"
  })
  void aRangeBeyondTheMemoryIsRefused(String offset, String length) {
    listen();
    for (Consumer<long[]> change : changes()) {
      assertRefused(
          IndexOutOfBoundsException.class, () -> change.accept(range(offset, length)), "'dimm'", "0x10000");
    }
    assertThrows(IndexOutOfBoundsException.class,
        () -> manager.isPopulated(range(offset, length)[0], range(offset, length)[1]));
    assertEquals(List.of(), mapper.told());
  }

  private static long[] range(String offset, String length) {
    return new long[] {Long.parseLong(offset, 16), Long.parseLong(length, 16)};
  }

  private List<Consumer<long[]>> changes() {
    return List.of(range -> manager.populate(range[0], range[1]), range -> manager.discard(range[0], range[1]));
  }

  @Test
  void anEmptyRangeChangesNothing() {
    listen();
    manager.populate(0, 0);
    manager.populate(SIZE, 0);
    assertEquals(0, manager.discard(SIZE, 0));
    assertEquals(List.of(), mapper.told());
    assertTrue(manager.isPopulated(SIZE, 0));
    assertRefused(IllegalArgumentException.class, () -> manager.populate(1, 0));
  }

  @Test
  void anyBytesCanBeAskedFor() {
    manager.populate(0x1000, 0x2000);
    assertTrue(manager.isPopulated(0x1fff, 2));
    assertTrue(manager.isPopulated(section(0x1001, 0x2ffe)));
    assertFalse(manager.isPopulated(0xfff, 1));
    assertFalse(manager.isPopulated(0x2fff, 2));
    assertFalse(manager.isPopulated(whole()));
  }

  // Sections

  @Test
  void aSectionOfAnotherRegionIsRefused() {
    MemoryRegionSection foreign = section(ram("other", SIZE), 0, 0xfff);
    refusesSection(IllegalArgumentException.class, foreign, "'dimm'", "'other'");
  }

  @Test
  void aSectionThatLiesOnlyPartlyInTheMemoryIsRefused() {
    refusesSection(IndexOutOfBoundsException.class, section(0xf000, SIZE), "'dimm'", "0000000080010000");
    refusesSection(IndexOutOfBoundsException.class, section(SIZE, SIZE + 1), "'dimm'");
    refusesSection(IndexOutOfBoundsException.class,
        new MemoryRegionSection(AddressRange.ALL, ram, 0, SectionAttributes.NONE), "'dimm'");
    refusesSection(IndexOutOfBoundsException.class,
        new MemoryRegionSection(new AddressRange(0, 0xfff), ram, -0x1000, SectionAttributes.NONE), "'dimm'");
    refusesSection(IndexOutOfBoundsException.class,
        new MemoryRegionSection(new AddressRange(0, 0xfff), ram, Long.MAX_VALUE, SectionAttributes.NONE), "'dimm'");
  }

  private void refusesSection(Class<? extends Exception> type, MemoryRegionSection section, String... named) {
    assertRefused(type, () -> manager.addListener(mapper, section), named);
    assertRefused(type, () -> manager.isPopulated(section), named);
    assertRefused(type, () -> manager.replayPopulated(section, _ -> { }), named);
    assertRefused(type, () -> manager.replayDiscarded(section, _ -> { }), named);
    manager.populate(0, SIZE);
    manager.discard(0, SIZE);
    assertEquals(List.of(), mapper.told());
  }

  /** As in QEMU, the state reaches over all that the memory can grow to. */
  @Test
  void aMemoryThatIsResizedKeepsItsManagerAndParts() {
    MemoryRegion.Ram growing = memory.ram("growing", RamBacking.resizable(Size.bytes(0x2000), Size.bytes(SIZE)));
    RamDiscardManager parts = growing.newDiscardManager(G);
    place(AT, growing);
    parts.addListener(mapper, space.flatView().find(AT).orElseThrow());
    parts.populate(0, 0x4000);
    memory.update(tx -> tx.setSize(growing, Size.bytes(0x8000)));
    parts.addListener(mapper, space.flatView().find(AT).orElseThrow());
    memory.update(tx -> tx.setSize(growing, Size.bytes(0x1000)));
    parts.discard(0, SIZE);
    assertEquals(List.of("+0-1fff", "+0-3fff", "-0-3fff", "-0-1fff"), mapper.told());
    assertRefused(IndexOutOfBoundsException.class, () -> parts.populate(SIZE, G), "'growing'");
  }

  // Registering and leaving

  @Test
  void aListenerIsCalledForWhatIsPopulatedAndAtItsEndToDiscardIt() {
    manager.populate(0, 0x2000);
    manager.populate(0x4000, 0x1000);
    RamDiscardManager.Registration registration = manager.addListener(mapper, section(0x1000, SIZE - 1));
    assertEquals(List.of("+1000-1fff", "+4000-4fff"), mapper.told());
    registration.close();
    assertEquals(List.of("-1000-1fff", "-4000-4fff"), mapper.told());
    registration.close();
    manager.discard(0, SIZE);
    assertEquals(List.of(), mapper.told());
  }

  @Test
  void aListenerMayBeRegisteredSeveralTimes() {
    listen();
    listen().close();
    manager.populate(0, G);
    assertEquals(List.of("+0-fff"), mapper.told());
  }

  @Test
  void theWholeLifeOfAMapperThatFollowsTheMap() {
    Map<Long, RamDiscardManager.Registration> registrations = new HashMap<>();
    AddressSpace.Registration map = space.addListener(new MemoryListener() {
      @Override
      public void regionAdd(MemoryRegionSection section) {
        if (section.region() instanceof MemoryRegion.Ram shown) {
          shown.discardManager().ifPresent(found ->
              registrations.put(section.range().first(), found.addListener(mapper, section)));
        }
      }

      @Override
      public void regionDel(MemoryRegionSection section) {
        if (section.region() == ram) {
          registrations.remove(section.range().first()).close();
        }
      }
    });
    manager.populate(0x3000, 0x2000);
    place(AT, ram);
    assertEquals(List.of("+3000-4fff"), mapper.told());
    place(AT + 0x4000, rom("shadow", G), 1);
    assertEquals(List.of("-3000-4fff", "+3000-3fff"), mapper.told());
    manager.populate(0x4000, 0x2000);
    assertEquals(List.of("+5000-5fff"), mapper.told());
    map.close();
    assertEquals(List.of("-3000-3fff", "-5000-5fff"), mapper.told());
    assertEquals(Map.of(), registrations);
  }

  // Refusals by listeners

  private static void refuse(MemoryRegionSection section) {
    throw Failure.rethrow(new IOException("no mapping of " + Mapper.offsets(section)));
  }

  @Test
  void aListenerThatRefusesLeavesEverythingAsItWas() {
    List<String> told = new ArrayList<>();
    manager.populate(0x1000, 0x1000);
    manager.addListener(new Mapper("a", told), whole());
    Mapper refusing = new Mapper("b", told);
    manager.addListener(refusing, whole());
    manager.addListener(new Mapper("c", told), whole());
    told.clear();
    refusing.onPopulate = section -> {
      if (section.offsetInRegion() != 0) {
        refuse(section);
      }
    };
    MapException refusal = assertFault(MapFault.Id.VETO, () -> manager.populate(0, 0x3000),
        "'dimm'", "Mapper", "0000000000002000-0000000000002fff", "no mapping of 2000-2fff");
    assertSame(IOException.class, refusal.getCause().getClass());
    assertEquals(List.of("a+0-fff", "a+2000-2fff", "b+0-fff", "b-0-fff", "a-2000-2fff", "a-0-fff"), told);
    assertEquals(List.of("1000-1fff"), populated());
  }

  @Test
  void aListenerThatCannotTakeBackIsNamedWithTheRefusal() {
    mapper.onDiscard = _ -> {
      throw new IllegalStateException("stuck");
    };
    listen();
    Mapper refusing = new Mapper();
    refusing.onPopulate = SparseRamTest::refuse;
    manager.addListener(refusing, whole());
    MapException refusal = assertThrows(MapException.class, () -> manager.populate(0, G));
    assertEquals("stuck", refusal.getCause().getSuppressed()[0].getMessage());
    assertEquals(List.of(), populated());
  }

  @Test
  void aListenerThatRefusesWhatIsPopulatedIsNotRegistered() {
    manager.populate(0, G);
    manager.populate(0x2000, G);
    mapper.onPopulate = section -> {
      if (section.offsetInRegion() != 0) {
        refuse(section);
      }
    };
    assertFault(MapFault.Id.VETO, this::listen, "'dimm'", "0000000000002000-0000000000002fff");
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
    manager.discard(0, SIZE);
    assertEquals(List.of(), mapper.told());
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, AssertionError.class, IOException.class})
  void anyThrowableRefuses(Class<? extends Throwable> type) {
    listen();
    Mapper refusing = new Mapper();
    refusing.onPopulate = _ -> {
      try {
        throw Failure.rethrow(type.getDeclaredConstructor().newInstance());
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    };
    RamDiscardManager.Registration registration = manager.addListener(refusing, whole());
    assertSame(type, assertFault(MapFault.Id.VETO, () -> manager.populate(0, G)).getCause().getClass());
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
    registration.close();
    manager.populate(0, G);
    assertEquals(List.of("+0-fff"), mapper.told());
  }

  private static int deep(int depth) {
    return 1 + deep(depth + 1);
  }

  @Test
  void aListenerThatOverflowsTheStackRefusesAndLeavesTheTurn() throws Exception {
    listen();
    Mapper refusing = new Mapper();
    refusing.onPopulate = _ -> deep(0);
    manager.addListener(refusing, whole());
    assertSame(StackOverflowError.class,
        assertFault(MapFault.Id.VETO, () -> manager.populate(0, G)).getCause().getClass());
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
    refusing.onPopulate = _ -> { };
    Thread other = Thread.ofPlatform().daemon().start(() -> manager.populate(0, G));
    OnARacingMachine.join(other);
    assertTrue(manager.isPopulated(0, G));
  }

  /** Begins at any depth of the stack; whether it fails or not, the listener has what the manager says. */
  @Test
  void aStackThatEndsAnywhereLeavesListenerAndManagerAlike() {
    listen();
    for (int i = 0; i < 3; i++) {
      assertThrows(StackOverflowError.class, () -> descend(0));
    }
    boolean[] mapped = {false};
    for (String each : mapper.told()) {
      assertEquals(mapped[0], each.startsWith("-"), each);
      mapped[0] = each.startsWith("+");
    }
    assertEquals(mapped[0], manager.isPopulated(0, G));
  }

  private int descend(int depth) {
    try {
      return 1 + descend(depth + 1);
    } catch (StackOverflowError e) {
      if (manager.isPopulated(0, G)) {
        manager.discard(0, G);
      } else {
        manager.populate(0, G);
      }
      throw e;
    }
  }

  @Test
  void aDiscardGoesOnWhateverListenersThrow() {
    place(AT, ram);
    List<String> told = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      Mapper each = new Mapper(name, told);
      each.onDiscard = _ -> {
        throw Failure.rethrow(new IOException(name));
      };
      manager.addListener(each, whole());
    }
    manager.populate(0, G);
    assertStores(AT, 8, 42);
    told.clear();
    IOException first = assertThrows(IOException.class, () -> manager.discard(0, G));
    assertEquals("c", first.getMessage());
    assertEquals(List.of("b", "a"), List.of(first.getSuppressed()).stream().map(Throwable::getMessage).toList());
    assertEquals(List.of("c-0-fff", "b-0-fff", "a-0-fff"), told);
    assertFalse(manager.isPopulated(0, G));
    assertLoads(0, AT, 8);
  }

  @Test
  void aListenerThatThrowsAsItLeavesIsRemovedAllTheSame() {
    manager.populate(0, G);
    manager.populate(0x2000, G);
    RamDiscardManager.Registration registration = listen();
    mapper.told();
    mapper.onDiscard = section -> {
      throw new IllegalStateException(Mapper.offsets(section));
    };
    IllegalStateException thrown = assertThrows(IllegalStateException.class, registration::close);
    assertEquals("0-fff", thrown.getMessage());
    assertEquals("2000-2fff", thrown.getSuppressed()[0].getMessage());
    mapper.told();
    manager.discard(0, SIZE);
    assertEquals(List.of(), mapper.told());
  }

  @Test
  void aReplayEndsWithItsCallbackAndThrowsWhatThatThrows() {
    manager.populate(0, G);
    manager.populate(0x2000, G);
    List<String> parts = new ArrayList<>();
    assertThrows(IOException.class, () -> manager.replayPopulated(whole(), part -> {
      parts.add(Mapper.offsets(part));
      throw Failure.rethrow(new IOException("full"));
    }));
    assertEquals(List.of("0-fff"), parts);
    manager.populate(0x1000, G);
    assertEquals(List.of("0-2fff"), populated());
  }

  // Callbacks that call back

  @Test
  void aCallbackCannotChangeOrRegister() {
    List<String> refusals = new ArrayList<>();
    Consumer<MemoryRegionSection> meddling = _ -> {
      for (Runnable change : List.<Runnable>of(
          () -> manager.populate(0x8000, G), () -> manager.discard(0x8000, G), this::listen)) {
        refusals.add(assertRefused(IllegalStateException.class, change::run, "'dimm'", "callback").getMessage());
      }
    };
    mapper.onPopulate = meddling;
    mapper.onDiscard = meddling;
    RamDiscardManager.Registration registration = listen();
    manager.populate(0, 0x2000);
    manager.discard(0, 0x1000);
    manager.replayPopulated(whole(), meddling);
    registration.close();
    assertEquals(4 * 3, refusals.size());
    assertEquals(List.of("1000-1fff"), populated());
  }

  /** It would wait for the map's lock, whose holder may wait for the turn. */
  @Test
  void aCallbackMakesNoOtherMemorySparse() {
    MemoryRegion.Ram other = ram("other", SIZE);
    mapper.onPopulate = _ -> other.newDiscardManager(G);
    listen();
    assertSame(IllegalStateException.class,
        assertFault(MapFault.Id.VETO, () -> manager.populate(0, G)).getCause().getClass());
    assertEquals(Optional.empty(), other.discardManager());
  }

  @Test
  void aCallbackMayQueryAndReplay() {
    manager.populate(0, G);
    List<String> seen = new ArrayList<>();
    listen();
    mapper.onPopulate = _ -> seen.addAll(populated());
    mapper.onDiscard = _ -> manager.replayDiscarded(section(0, 0x1fff), part -> {
      seen.add(Mapper.offsets(part));
      seen.addAll(populated());
    });
    manager.populate(0x1000, G);
    manager.discard(0, G);
    assertEquals(List.of("0-fff", "0-fff", "1000-1fff"), seen);
  }

  @Test
  void aTransactionOfACallbackIsMadeWhenTheCallsHaveEnded() {
    List<Boolean> within = new ArrayList<>();
    mapper.onPopulate = _ -> {
      place(AT, ram);
      within.add(ram.parent().isPresent());
    };
    listen();
    manager.populate(0, G);
    assertEquals(List.of(false), within);
    assertTrue(ram.parent().isPresent());
  }

  @Test
  void aCallbackThatWaitsForAGracePeriodIsRefusedAtOnce() {
    mapper.onPopulate = _ -> policy.synchronize();
    listen();
    assertSame(IllegalStateException.class,
        assertFault(MapFault.Id.VETO, () -> manager.populate(0, G)).getCause().getClass());
    policy.synchronize();
  }

  // Leaving in a callback

  private final List<String> told = new ArrayList<>();
  private final Map<String, RamDiscardManager.Registration> registrations = new HashMap<>();

  /** Registers three; in its call, one closes the registration of another, or its own. */
  private void leaving(boolean whenPopulating, String meddler, String leaver) {
    for (String name : List.of("a", "b", "c")) {
      Mapper each = new Mapper(name, told);
      Consumer<MemoryRegionSection> leave = _ -> {
        if (name.equals(meddler)) {
          registrations.get(leaver).close();
        }
      };
      if (whenPopulating) {
        each.onPopulate = leave;
      } else {
        each.onDiscard = leave;
      }
      registrations.put(name, manager.addListener(each, whole()));
    }
  }

  private void assertBalanced(String leaver) {
    List<String> mapped = new ArrayList<>();
    for (String each : told) {
      String of = each.charAt(0) + each.substring(2);
      assertTrue(each.charAt(1) == '+' ? mapped.add(of) : mapped.remove(of), () -> each + " in " + told);
    }
    assertEquals(List.of(), mapped.stream().filter(each -> each.startsWith(leaver)).toList(), told::toString);
  }

  @ParameterizedTest
  @CsvSource({"a,a", "a,b", "a,c", "b,a", "b,b", "b,c", "c,a", "c,b", "c,c"})
  void aListenerThatLeavesWhileOthersPopulateHasNothingLeft(String meddler, String leaver) {
    manager.populate(0, G);
    manager.populate(0x4000, G);
    leaving(true, "none", "none");
    registrations.values().forEach(RamDiscardManager.Registration::close);
    told.clear();
    manager.discard(0, SIZE);
    leaving(true, meddler, leaver);
    manager.populate(0, 0x6000);
    assertBalanced(leaver);
    assertEquals(List.of("0-5fff"), populated());
    registrations.values().forEach(RamDiscardManager.Registration::close);
    List.of("a", "b", "c").forEach(this::assertBalanced);
  }

  @ParameterizedTest
  @CsvSource({"a,a", "a,b", "a,c", "b,a", "b,b", "b,c", "c,a", "c,b", "c,c"})
  void aListenerThatLeavesWhileOthersDiscardHasNothingLeft(String meddler, String leaver) {
    leaving(false, meddler, leaver);
    manager.populate(0, G);
    manager.populate(0x1000, G);
    manager.populate(0x4000, G);
    for (String name : List.of("a", "b", "c")) {
      told.replaceAll(each -> each.equals(name + "+1000-1fff") ? name + "+0-1fff" : each);
      told.remove(name + "+0-fff");
    }
    manager.discard(0, 0x3000);
    assertBalanced(leaver);
    registrations.values().forEach(RamDiscardManager.Registration::close);
    List.of("a", "b", "c").forEach(this::assertBalanced);
  }

  @Test
  void aListenerThatLeavesWhileARefusalIsTakenBackIsCalledOnce() {
    leaving(false, "b", "a");
    Mapper refusing = new Mapper("d", told);
    refusing.onPopulate = SparseRamTest::refuse;
    manager.addListener(refusing, whole());
    assertThrows(MapException.class, () -> manager.populate(0, G));
    assertEquals(List.of("a+0-fff", "b+0-fff", "c+0-fff", "c-0-fff", "b-0-fff", "a-0-fff"), told);
  }

  @Test
  void aListenerThatAnotherRemovesAsItRegistersIsGone() {
    manager.populate(0, G);
    RamDiscardManager.Registration first = listen();
    Mapper second = new Mapper();
    second.onPopulate = _ -> first.close();
    manager.addListener(second, whole());
    mapper.told();
    second.onPopulate = _ -> { };
    manager.populate(0x1000, G);
    assertEquals(List.of(), mapper.told());
    assertEquals(List.of("+0-fff", "+1000-1fff"), second.told());
  }

  // The end of the region

  @Test
  void aMemoryThatIsTakenOutKeepsItsManager() {
    place(AT, ram);
    listen();
    manager.populate(0, G);
    memory.detach(ram);
    manager.discard(0, G);
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
  }

  @Test
  void aClosedMemoryChangesNoMoreAndItsListenersCanLeave() {
    RamDiscardManager.Registration registration = listen();
    manager.populate(0, G);
    ram.close();
    assertRefused(IllegalStateException.class, () -> manager.populate(0, G), "'dimm'", "closed");
    assertRefused(IllegalStateException.class, () -> manager.discard(0, G), "'dimm'", "closed");
    assertRefused(IllegalStateException.class, this::listen, "'dimm'", "closed");
    assertTrue(manager.isPopulated(0, G));
    registration.close();
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
  }

  @Test
  void aClosedMemorySystemChangesNoMoreEither() {
    MemoryRegion.Ram plain = ram("plain", SIZE);
    RamDiscardManager.Registration registration = listen();
    manager.populate(0, G);
    assertEquals(1, memory.left().stream().filter(leak -> leak.what().contains("Mapper")
        && leak.what().contains("'dimm'") && leak.what().contains("000000000000ffff")).count());
    memory.close();
    assertRefused(IllegalStateException.class, () -> manager.populate(0, G), "closed");
    assertRefused(IllegalStateException.class, () -> plain.newDiscardManager(G), "closed");
    registration.close();
    assertEquals(List.of("+0-fff", "-0-fff"), mapper.told());
  }

  // Where the map meets it

  @Test
  void anExplanationSaysWhetherTheAddressIsPopulated() {
    place(AT, ram);
    manager.populate(0x1000, G);
    String populated = memory.inspect().text(space.explain(AT + 0x1008));
    assertTrue(populated.contains("; sparse memory, populated there"), populated);
    String discarded = memory.inspect().text(space.explain(AT + 0x2000));
    assertTrue(discarded.contains("; sparse memory, discarded there"), discarded);
    assertTrue(memory.inspect().json(space.explain(AT + 0x1008)).contains("\"populated\": true"),
        () -> memory.inspect().json(space.explain(AT + 0x1008)));
    assertTrue(memory.inspect().json().contains("\"discardGranularity\": \"0x0000000000001000\""),
        () -> memory.inspect().json());
    place(0, ram("plain", G));
    assertFalse(memory.inspect().text(space.explain(0)).contains("sparse"));
    assertFalse(memory.inspect().json(space.explain(0)).contains("populated"));
  }

  /** As QEMU's mappers do, which fail where {@code memory_get_xlat_addr} finds the memory discarded. */
  @Test
  void aNotifierThatMapsWhatAnIommuMapsAsksWhetherItIsPopulated() {
    place(AT, ram);
    manager.populate(0x1000, G);
    MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.kib(64), (offset, _, _, _, entry) ->
        entry.grant(space, AT + (offset & -G), G - 1, true, true));
    AddressSpace device = memory.addressSpace("device", iommu);
    List<String> mapped = new ArrayList<>();
    iommu.addNotifier(new IommuNotifier("shadow", Set.of(IommuEvent.Kind.MAP), event -> {
      try (ReadSection _ = memory.reader().enter()) {
        Translation found = memory.reader().translate(device, event.range().first(), G, Access.WRITE);
        boolean populated = found.section().region() instanceof MemoryRegion.Ram memory
            && memory.discardManager().map(parts -> parts.isPopulated(found.offset(), found.length())).orElse(true);
        mapped.add(Long.toHexString(found.offset()) + " " + populated);
      }
    }));
    for (long offset = 0; offset < 2 * G; offset += G) {
      iommu.notifyIommu(0, new IommuEvent.Map(
          new AddressRange(offset, offset + G - 1), space, AT + offset, true, true));
    }
    assertEquals(List.of("0 false", "1000 true"), mapped);
    assertEquals(MemTxResult.OK, reader.store(device, 0, 8, 1));
  }

  /** The populated parts of huge memory cost in proportion to what is populated, not to its size. */
  @Test
  void hugeMemoryIsSparseInItsStateToo() {
    MemoryRegion.Ram huge = memory.ram("huge", Size.bytes(1L << 40));
    RamDiscardManager parts = huge.newDiscardManager(G);
    MemoryRegionSection all = section(huge, 0, (1L << 40) - 1);
    parts.addListener(mapper, all);
    parts.populate((1L << 40) - G, G);
    parts.populate(1L << 32, 2 * G);
    assertEquals(List.of("+fffffff000-ffffffffff", "+100000000-100001fff"), mapper.told());
    parts.replayPopulated(all, part -> mapper.populate(part));
    assertEquals(List.of("+100000000-100001fff", "+fffffff000-ffffffffff"), mapper.told());
    huge.close();
  }
}
