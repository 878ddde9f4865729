package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.memory.TappedAccess;
import io.flatview.rcu.ReadSection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Taps and watchpoints: they see what they ask for, change nothing, and stay through remaps. */
class TapTest extends OnAMachine {

  private final MemoryRegion.Ram ram = ram("ram", 0x4000);
  private final MemoryRegion.Mmio device = mmio("device", 0x100);
  private final List<String> seen = new ArrayList<>();

  @BeforeEach
  void build() {
    memory.update(tx -> tx.addSubregion(system, 0x1000, ram).addSubregion(system, 0x8000, device));
  }

  private static AddressRange range(long first, long last) {
    return new AddressRange(first, last);
  }

  private void note(TappedAccess access) {
    seen.add((access.access() == Access.READ ? "load " : "store ") + access.size() + " at "
        + Long.toHexString(access.address()) + " " + access.region().name() + "+" + Long.toHexString(access.offset())
        + (access.isBeforeKnown() ? " " + Long.toHexString(access.before()) + "->" : " ")
        + Long.toHexString(access.value()) + " " + access.result());
  }

  @Test
  void aTapSeesLoadsAndStoresWithWhatWasThereBefore() {
    try (TapRegistration _ = memory.tap(space, TapFilter.of(range(0x1010, 0x1017)), this::note)) {
      reader.store(space, 0x1010, 4, 0x11);
      reader.store(space, 0x1010, 4, 0x22);
      assertEquals(0x22, reader.load(space, 0x1010, 4));
      reader.load(space, 0x1018, 4);
    }
    assertEquals(List.of("store 4 at 1010 ram+10 0->11 OK", "store 4 at 1010 ram+10 11->22 OK",
        "load 4 at 1010 ram+10 22 OK"), seen);
  }

  @Test
  void anAccessThatTouchesOneByteOfTheRangeIsSeen() {
    try (TapRegistration _ = memory.tap(ram, TapFilter.stores(range(7, 7)), this::note)) {
      reader.store(space, 0x1000, 8, -1);
      reader.store(space, 0x1008, 8, -1);
      reader.load(space, 0x1000, 8);
    }
    assertEquals(List.of("store 8 at 1000 ram+0 0->ffffffffffffffff OK"), seen);
  }

  @Test
  void aWatchpointMatchesDataInAsManyBitsAsTheAccessHas() {
    try (TapRegistration _ = memory.tap(ram, TapFilter.of(range(0, 0xff)).matching(0x1234_5678L), this::note)) {
      reader.store(space, 0x1000, 4, 0x1234_5678L);
      reader.store(space, 0x1000, 4, 0x1234_5679L);
      reader.store(space, 0x1000, 1, 0x78);
      reader.load(space, 0x1000, 2);
    }
    assertEquals(List.of("store 4 at 1000 ram+0 0->12345678 OK", "store 1 at 1000 ram+0 79->78 OK",
        "load 2 at 1000 ram+0 5678 OK"), seen);
  }

  @Test
  void devicesAndHolesAreSeenToo() {
    try (TapRegistration _ = memory.tap(space, TapFilter.of(AddressRange.ALL), this::note)) {
      reader.store(space, 0x8004, 4, 7);
      reader.load(space, 0x9000, 4);
    }
    assertEquals(List.of("store 4 at 8004 device+4 7 OK", "load 4 at 9000 unassigned+9000 0 DECODE_ERROR"), seen);
  }

  @Test
  void aTapOnAddressesStaysWhileRegionsMoveUnderIt() {
    try (TapRegistration _ = memory.tap(space, TapFilter.stores(range(0x1000, 0x10ff)), this::note)) {
      memory.update(tx -> tx.setAddress(ram, 0x2000).setAddress(device, 0x1000));
      reader.store(space, 0x2000, 1, 1);
      reader.store(space, 0x1000, 1, 2);
    }
    assertEquals(List.of("store 1 at 1000 device+0 2 OK"), seen);
  }

  @Test
  void aTapOnARegionFollowsItAndSeesItThroughAliases() {
    MemoryRegion.Alias mirror = memory.alias("mirror", ram, 0x800, ram.size());
    AddressSpace dma = memory.addressSpace("dma", mirror);
    try (TapRegistration _ = memory.tap(ram, TapFilter.stores(range(0x800, 0x800)), this::note)) {
      memory.update(tx -> tx.setAddress(ram, 0x10_0000));
      reader.store(space, 0x10_0800, 1, 1);
      reader.store(dma, 0, 1, 2);
    }
    assertEquals(List.of("store 1 at 100800 ram+800 0->1 OK", "store 1 at 0 ram+800 1->2 OK"), seen);
  }

  @Test
  void anotherSpaceIsNotWatched() {
    AddressSpace other = memory.addressSpace("other", system);
    try (TapRegistration _ = memory.tap(other, TapFilter.of(AddressRange.ALL), this::note)) {
      reader.store(space, 0x1000, 1, 1);
      reader.store(other, 0x1000, 1, 2);
    }
    assertEquals(List.of("store 1 at 1000 ram+0 1->2 OK"), seen);
  }

  @Test
  void tapsAreCalledInTheOrderInWhichTheyWereAttached() {
    TapRegistration first = memory.tap(ram, TapFilter.of(range(0, 0)), _ -> seen.add("first"));
    memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> seen.add("second"));
    memory.tap(ram, TapFilter.of(range(0, 0)), _ -> seen.add("third"));
    reader.load(space, 0x1000, 1);
    first.close();
    reader.load(space, 0x1000, 1);
    assertEquals(List.of("first", "second", "third", "second", "third"), seen);
  }

  @Test
  void aTapMayRemoveItselfAndTheNextInItsOwnCallback() {
    List<TapRegistration> taps = new ArrayList<>();
    for (String name : List.of("one", "two", "three")) {
      taps.add(memory.tap(ram, TapFilter.of(range(0, 7)), _ -> {
        seen.add(name);
        if (name.equals("one")) {
          taps.get(0).close();
          taps.get(1).close();
        }
      }));
    }
    reader.load(space, 0x1000, 8);
    reader.load(space, 0x1000, 8);
    assertEquals(List.of("one", "three", "three"), seen);
  }

  @Test
  void aTapMayAccessMemoryWithTheSameReader() {
    memory.tap(ram, TapFilter.stores(range(0, 0)), access -> {
      seen.add("outer " + reader.load(space, 0x2000, 1));
      reader.store(space, 0x2000, 1, access.value() + 1);
    });
    memory.tap(ram, TapFilter.stores(range(0, 0x3fff)), this::note);
    assertTrue(reader.store(space, 0x1000, 1, 5).isOk());
    assertEquals(List.of("outer 0", "store 1 at 2000 ram+1000 0->6 OK", "store 1 at 1000 ram+0 0->5 OK"), seen);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, IOException.class})
  void aTapThatFailsIsCalledNoMoreAndTheAccessGoesOn(Class<? extends Exception> kind) throws Exception {
    Exception failure = kind.getConstructor(String.class).newInstance("on purpose");
    memory.tap(ram, TapFilter.of(range(0, 0)), _ -> {
      seen.add("failing");
      throw Failure.rethrow(failure);
    });
    memory.tap(ram, TapFilter.of(range(0, 0)), _ -> seen.add("next"));
    reader.store(space, 0x1000, 1, 3);
    assertEquals(3, reader.load(space, 0x1000, 1));
    assertEquals(List.of("failing", "next", "next"), seen);
  }

  @Test
  void listenersHearNothingOfTaps() {
    space.addListener(new MemoryListener() {
      @Override
      public void begin(MapChange change) {
        seen.add("begin");
      }
    });
    seen.clear();
    memory.tap(ram, TapFilter.of(range(0, 0)), _ -> {}).close();
    assertEquals(List.of(), seen);
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void whatIsNoLongerWatchedIsTouchedAtOnceAgain(Access access) {
    TapRegistration tap = memory.tap(ram, only(access), this::note);
    assertFalse(isDirect(access));
    tap.close();
    assertTrue(isDirect(access));
  }

  private static TapFilter only(Access access) {
    return switch (access) {
      case READ -> TapFilter.loads(range(0, 0));
      case WRITE -> TapFilter.stores(range(0, 0));
      case FETCH -> TapFilter.fetches(range(0, 0));
    };
  }

  private boolean isDirect(Access access) {
    try (ReadSection _ = reader.enter()) {
      return reader.translate(space, 0x1000, 4, access).memory() != null;
    }
  }

  // Only where it looks

  private long lengthAt(long address) {
    try (ReadSection _ = reader.enter()) {
      return reader.translate(space, address, 0x4000, Access.READ).length();
    }
  }

  private boolean isDirectAt(long address) {
    try (ReadSection _ = reader.enter()) {
      boolean reads = reader.translate(space, address, 4, Access.READ).memory() != null;
      return reads && reader.translate(space, address, 4, Access.WRITE).memory() != null;
    }
  }

  @Test
  void memoryOnPagesThatNoTapWatchesIsTouchedAtOnce() {
    try (TapRegistration _ = memory.tap(ram, TapFilter.of(range(0x1008, 0x100f)), this::note)) {
      assertTrue(isDirectAt(0x1ffc));
      assertFalse(isDirectAt(0x2000));
      assertFalse(isDirectAt(0x2ffc));
      assertTrue(isDirectAt(0x3000));
      assertEquals(0x1000, lengthAt(0x1000));
      assertEquals(0x1000, lengthAt(0x2000));
      assertEquals(0x2000, lengthAt(0x3000));
    }
    assertEquals(0x4000, lengthAt(0x1000));
  }

  @Test
  void memoryThatIsLoggedIsSoOnEveryPageWhetherATapWatchesItOrNot() {
    DirtyClient vga = memory.dirtyClient("vga");
    memory.update(tx -> tx.startLog(ram, vga));
    try (TapRegistration _ = memory.tap(ram, TapFilter.of(range(0x1008, 0x100f)), this::note);
        ReadSection _ = reader.enter()) {
      assertNotNull(reader.translate(space, 0x1000, 4, Access.WRITE).loggedMemory());
      assertNull(reader.translate(space, 0x1000, 4, Access.WRITE).memory());
      assertNull(reader.translate(space, 0x2000, 4, Access.WRITE).loggedMemory());
    }
  }

  @Test
  void anAccessAcrossTheEdgeOfAWatchedPageIsOneAccessAndToldOnce() {
    try (TapRegistration _ = memory.tap(ram, TapFilter.of(range(0x1000, 0x1fff)), this::note)) {
      assertTrue(reader.store(space, 0x1ffd, 8, 0x8877_6655_4433_2211L).isOk());
      assertEquals(0x8877_6655_4433_2211L, reader.load(space, 0x1ffd, 8));
      assertEquals(0x2211, reader.load(space, 0x1ffd, 2));
      reader.store(space, 0x2ffe, 4, 1);
    }
    assertEquals(List.of("store 8 at 1ffd ram+ffd 0->8877665544332211 OK",
        "load 8 at 1ffd ram+ffd 8877665544332211 OK", "store 4 at 2ffe ram+1ffe 0->1 OK"), seen);
  }

  @Test
  void anAccessAcrossTwoWatchedPagesIsToldToEachTapInTheOrderOfAttaching() {
    memory.tap(ram, TapFilter.of(range(0x1000, 0x1003)), _ -> seen.add("second page"));
    memory.tap(ram, TapFilter.of(range(0xfff, 0xfff)), _ -> seen.add("first page"));
    memory.tap(space, TapFilter.of(range(0x1fff, 0x2000)), _ -> seen.add("both"));
    reader.load(space, 0x1ffe, 4);
    assertEquals(List.of("second page", "first page", "both"), seen);
  }

  @Test
  void aDeviceGetsAnAccessWholeThoughATapWatchesOneOfItsPages() {
    Registers registers = new Registers();
    place(0x10_0000, memory.mmio("wide", Size.kib(8), registers));
    MemoryRegion wide = system.children().getFirst();
    memory.tap(wide, TapFilter.of(range(0x1000, 0x1003)), this::note);
    assertTrue(reader.store(space, 0x10_0ffe, 4, 7).isOk());
    assertEquals(List.of("write 4 @ffe = 7"), registers.asked);
    assertEquals(List.of("store 4 at 100ffe wide+ffe 7 OK"), seen);
  }

  @Test
  void aTransferIsToldOnWatchedPagesOnly() {
    memory.tap(ram, TapFilter.of(range(0x1000, 0x10ff)), this::note);
    byte[] bytes = new byte[0x4000];
    assertTrue(reader.read(space, 0x1000, bytes, 0, bytes.length).isOk());
    assertEquals(0x100 / 8, seen.size());
    assertEquals("load 8 at 2000 ram+1000 0 OK", seen.getFirst());
  }

  @Test
  void amongManyTapsAnAccessCallsItsOwn() {
    List<TapRegistration> taps = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int number = i;
      taps.add(memory.tap(ram, TapFilter.of(range(8 * i, 8 * i + 3)), _ -> seen.add("tap " + number)));
    }
    reader.load(space, 0x1000 + 8 * 1234, 4);
    reader.load(space, 0x1000 + 8 * 1234 + 4, 4);
    reader.load(space, 0x1000 + 8 * 511 + 2, 8);
    assertEquals(List.of("tap 1234", "tap 511", "tap 512"), seen);
    assertEquals(List.of(), memory.compareWithRebuild());
    taps.forEach(TapRegistration::close);
    assertEquals(0x4000, lengthAt(0x1000));
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void tapsWatchWhatABankShowsWhicheverComesFirst() {
    MemoryRegion.Ram one = ram("one", 0x3000);
    MemoryRegion.Ram two = ram("two", 0x3000);
    MemoryRegion.Bank bank = memory.bank("bank", Size.kib(12), 2);
    TapRegistration early = memory.tap(one, TapFilter.of(range(0x1000, 0x1003)), this::note);
    memory.update(tx -> tx.setVariant(bank, 0, one).setVariant(bank, 1, two).addSubregion(system, 0x2_0000, bank));
    TapRegistration late = memory.tap(space, TapFilter.of(range(0x2_1004, 0x2_1007)), this::note);
    assertEquals(List.of(), memory.compareWithRebuild());
    for (int i = 0; i < 2; i++) {
      bank.select(i);
      reader.load(space, 0x2_1000, 8);
      reader.load(space, 0x2_0000, 8);
      reader.load(space, 0x2_2000, 8);
    }
    assertEquals(List.of("load 8 at 21000 one+1000 0 OK", "load 8 at 21000 one+1000 0 OK",
        "load 8 at 21000 two+1000 0 OK"), seen);
    early.close();
    assertEquals(List.of(), memory.compareWithRebuild());
    late.close();
    assertEquals(List.of(), memory.compareWithRebuild());
    reader.load(space, 0x2_1000, 8);
    assertEquals(3, seen.size());
  }

  @Test
  void tapsOnHolesComeAndGoWithoutANewGeneration() {
    long before = memory.generation();
    TapRegistration tap = memory.tap(space, TapFilter.of(range(0x9000, 0x9fff)), this::note);
    reader.load(space, 0x9000, 4);
    tap.close();
    reader.load(space, 0x9000, 4);
    assertEquals(List.of("load 4 at 9000 unassigned+9000 0 DECODE_ERROR"), seen);
    assertEquals(before, memory.generation());
  }

  @Test
  void aRemovalIsQuiescedWhenNoReaderCanBeInACall() throws Exception {
    TapRegistration tap = memory.tap(ram, TapFilter.of(range(0, 0)), this::note);
    CompletableFuture<Void> gone;
    try (ReadSection _ = reader.enter()) {
      gone = tap.remove().toCompletableFuture();
      reader.load(space, 0x1000, 1);
      assertFalse(gone.isDone());
    }
    policy.runGracePeriod();
    gone.get(60, TimeUnit.SECONDS);
    assertEquals(List.of(), seen);
  }

  @Test
  void aTapInsideAListenersCallbackIsRefusedAndARemovalIsNot() {
    TapRegistration tap = memory.tap(ram, TapFilter.of(range(0, 0)), this::note);
    space.addListener(new MemoryListener() {
      @Override
      public void commit(MapChange change) {
        assertThrows(IllegalStateException.class, () -> memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {}));
        tap.close();
      }
    });
    memory.update(tx -> tx.setAddress(device, 0x9000));
    assertTrue(isDirect(Access.READ));
    reader.load(space, 0x1000, 1);
    assertEquals(List.of(), seen);
  }

  @Test
  void aContainerAnswersNothingAndCannotBeWatched() {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
        () -> memory.tap(system, TapFilter.of(AddressRange.ALL), _ -> {}));
    assertTrue(refused.getMessage().contains("'system'"), refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new TapFilter(AddressRange.ALL, false, false, false, 0, 0));
  }
}
