package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Changes that become visible together or not at all. */
class TransactionTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  // Visibility

  @Test
  void nothingIsVisibleBeforeTheCommit() {
    try (Transaction tx = memory.begin()) {
      tx.addSubregion(system, 0, mmio("uart", 0x100));
      assertView();
      assertEquals("unassigned", who(0));
      tx.commit();
    }
    assertView("0-ff uart @0");
  }

  @Test
  void theThreadThatChangesSeesItsChangesInTheTree() {
    MemoryRegion uart = mmio("uart", 0x100);
    try (Transaction tx = memory.begin()) {
      tx.addSubregion(system, 0x1000, uart, 7);
      assertEquals(List.of(uart), system.children());
      assertEquals(0x1000, uart.address());
      assertEquals(7, uart.priority());
    }
    assertEquals(List.of(), system.children());
  }

  @Test
  void everyPublicationAddsOneToTheGeneration() {
    long before = memory.generation();
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    assertEquals(before + 1, ticket.generation());
    assertEquals(before + 1, memory.generation());
    assertEquals(before + 1, memory.update(_ -> {}).generation());
  }

  // Taking back

  @TestFactory
  Stream<DynamicTest> closingWithoutACommitTakesBack() {
    MemoryRegion.Container bus = container("bus", 0x8000);
    MemoryRegion.Ram ram = ram("ram", 0x4000);
    MemoryRegion.Alias window = alias("window", ram, 0x1000, 0x1000);
    MemoryRegion.RomDevice flash = memory.romDevice("flash", Size.kib(4), new Registers());
    MemoryRegion.Bank bank = memory.bank("bank", Size.kib(4), 1);
    MemoryRegion page = mmio("page", 0x1000);
    MemoryRegion twin = mmio("twin", 0x800);
    MemoryRegion spare = mmio("spare", 0x100);
    memory.update(tx -> tx
        .addSubregion(system, 0x1_0000, bus)
        .addSubregion(bus, 0, ram)
        .addSubregion(bus, 0, twin)
        .addSubregion(bus, 0x4000, window, 3)
        .addSubregion(bus, 0x6000, flash)
        .addSubregion(bus, 0x7000, bank));
    Map<String, Consumer<Transaction>> changes = new TreeMap<>();
    changes.put("addSubregion", tx -> tx.addSubregion(bus, 0, spare, 9));
    changes.put("delSubregion", tx -> tx.delSubregion(ram));
    changes.put("delSubregion of a subtree", tx -> tx.delSubregion(bus));
    changes.put("setAddress", tx -> tx.setAddress(ram, 0x1000));
    changes.put("setAddress of a region without a parent", tx -> tx.setAddress(spare, 0x1000));
    changes.put("setSize", tx -> tx.setSize(bus, Size.kib(1)));
    changes.put("setEnabled", tx -> tx.setEnabled(bus, false));
    changes.put("setReadOnly", tx -> tx.setReadOnly(bus, true));
    changes.put("setNoFetch", tx -> tx.setNoFetch(ram, true));
    changes.put("setNonVolatile", tx -> tx.setNonVolatile(ram, true));
    changes.put("setUnmergeable", tx -> tx.setUnmergeable(ram, true));
    changes.put("setDirtyLogMask", tx -> tx.setDirtyLogMask(ram, 6));
    changes.put("setAliasOffset", tx -> tx.setAliasOffset(window, 0x2000));
    changes.put("setRomdMode", tx -> tx.setRomdMode(flash, false));
    changes.put("setVariant", tx -> tx.setVariant(bank, 0, page));
    Arrays.stream(Transaction.class.getMethods()).map(Method::getName).filter(name -> name.startsWith("set"))
        .forEach(setter -> assertTrue(changes.containsKey(setter), setter));
    changes.put("taking out and placing elsewhere",
        tx -> tx.delSubregion(twin).addSubregion(system, 5, twin, 2).delSubregion(ram).addSubregion(bus, 0, ram));
    changes.put("closing a region", tx -> {
      tx.delSubregion(window);
      window.close();
    });
    changes.put("everything", tx -> changes.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("set"))
        .forEach(entry -> entry.getValue().accept(tx)));
    List<MemoryRegion> all = List.of(system, bus, ram, window, flash, bank, page, twin, spare);
    return changes.entrySet().stream().map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
      String before = describe(all);
      long generation = memory.generation();
      try (Transaction tx = memory.begin()) {
        change.getValue().accept(tx);
      }
      assertEquals(before, describe(all));
      memory.update(_ -> {});
      assertEquals(before, describe(all));
      assertEquals(generation, memory.generation());
      assertChangesWhatShows(change);
    }));
  }

  private void assertChangesWhatShows(Map.Entry<String, Consumer<Transaction>> change) {
    try (Transaction tx = memory.begin()) {
      change.getValue().accept(tx);
      boolean showsNothing = change.getKey().endsWith("without a parent");
      assertEquals(showsNothing, tx.plan().changes().isEmpty());
    }
  }

  private String describe(List<MemoryRegion> regions) {
    StringBuilder text = new StringBuilder(Picture.of(space.flatView()).toString());
    for (MemoryRegion region : regions) {
      text.append('\n').append(region).append(region.parent()).append(region.address()).append(' ')
          .append(region.priority()).append(region.size()).append(region.isEnabled()).append(region.isReadOnly())
          .append(region.isNoFetch()).append(region.isNonVolatile()).append(region.isUnmergeable())
          .append(region.dirtyLogMask())
          .append(region instanceof MemoryRegion.Parent parent ? parent.children() : "")
          .append(region instanceof MemoryRegion.Alias alias ? alias.targetOffset() : "")
          .append(region instanceof MemoryRegion.RomDevice device ? device.isRomdMode() : "");
    }
    return text.toString();
  }

  @Test
  void anUpdateThatThrowsTakesEverythingBack() {
    assertRefused(ArithmeticException.class, () -> memory.update(tx -> {
      tx.addSubregion(system, 0, mmio("uart", 0x100));
      throw new ArithmeticException("half way");
    }), "half way");
    assertEquals(List.of(), system.children());
    assertView();
  }

  @Test
  void aRefusedRequestChangesNothingAndTheTransactionGoesOn() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    try (Transaction tx = memory.begin()) {
      assertFault(MapFault.Id.ALREADY_PLACED, () -> tx.addSubregion(system, 0x1000, uart));
      tx.addSubregion(system, 0x2000, mmio("timer", 0x100));
      tx.commit();
    }
    assertView("0-ff uart @0", "2000-20ff timer @0");
  }

  @Test
  void closingAfterTheCommitDoesNothing() {
    Transaction tx = memory.begin();
    tx.addSubregion(system, 0, mmio("uart", 0x100));
    tx.commit();
    tx.close();
    tx.close();
    assertView("0-ff uart @0");
  }

  @Test
  void aMapExceptionIsAFaultListNotAStringToParse() {
    MapException refusal = assertFault(MapFault.Id.NOT_PLACED, () -> remove(system), "'system'");
    assertEquals(1, refusal.faults().size());
    assertTrue(refusal.getMessage().startsWith("NOT_PLACED: "), refusal.getMessage());
  }

  // Nesting

  @Test
  void aNestedCommitIsPublishedWithTheOutermost() {
    long before = memory.generation();
    try (Transaction outer = memory.begin()) {
      outer.addSubregion(system, 0, mmio("outer", 0x100));
      CommitTicket nested = place(0x1000, mmio("nested", 0x100));
      assertView();
      assertThrows(IllegalStateException.class, nested::generation);
      CommitTicket ticket = outer.commit();
      assertEquals(before + 1, ticket.generation());
      assertEquals(before + 1, nested.generation());
    }
    assertView("0-ff outer @0", "1000-10ff nested @0");
  }

  @Test
  void closingANestedTransactionTakesBackOnlyItsOwnChanges() {
    try (Transaction outer = memory.begin()) {
      outer.addSubregion(system, 0x0000, mmio("before", 0x100));
      try (Transaction nested = memory.begin()) {
        nested.addSubregion(system, 0x1000, mmio("nested", 0x100));
      }
      outer.addSubregion(system, 0x2000, mmio("after", 0x100));
      outer.commit();
    }
    assertView("0-ff before @0", "2000-20ff after @0");
  }

  @Test
  void takingBackTheOutermostTakesBackWhatWasCommittedInIt() {
    CommitTicket nested;
    try (Transaction _ = memory.begin()) {
      nested = place(0x1000, mmio("nested", 0x100));
    }
    assertView();
    assertEquals(List.of(), system.children());
    assertTrue(nested.quiesced().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void waitingForATransactionThatWasTakenBackIsAnError() {
    CommitTicket nested;
    try (Transaction _ = memory.begin()) {
      nested = place(0x1000, mmio("nested", 0x100));
    }
    assertThrows(IllegalStateException.class, nested::generation);
    assertThrows(IllegalStateException.class, () -> nested.awaitQuiesced(Duration.ofSeconds(1)));
  }

  @Test
  void transactionsNestDeeply() {
    nest(100);
    assertEquals(100, space.flatView().sections().size());
    assertEquals(2, memory.generation());
  }

  private void nest(int depth) {
    if (depth > 0) {
      memory.update(tx -> {
        tx.addSubregion(system, depth * 0x1000L, mmio("level " + depth, 0x100));
        nest(depth - 1);
      });
    }
  }

  @Test
  void aFailedOutermostCommitTakesBackTheNestedChanges() {
    MemoryRegion.Container loop = container("loop", 0x1000);
    try (Transaction outer = memory.begin()) {
      place(0x4000, mmio("nested", 0x100));
      outer.addSubregion(system, 0, loop).addSubregion(loop, 0, alias("again", loop, 0, 0x1000));
      assertFault(MapFault.Id.ALIAS_RECURSION, outer::commit, "'loop'");
    }
    assertEquals(List.of(), system.children());
    assertView();
  }

  // Transactions of listeners

  @Test
  void aChangeInsideACallbackIsPublishedAfterThePresentOne() {
    List<String> told = new ArrayList<>();
    List<CommitTicket> tickets = new ArrayList<>();
    MemoryRegion follower = mmio("follower", 0x100);
    space.addListener(new Diary("L", 0, told).at("add 0", () -> tickets.add(place(0x1000, follower))));
    told.clear();
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    assertEquals(
        List.of("L plan", "L begin", "L add 0-ff uart @0", "L commit",
            "L plan", "L begin", "L nop 0-ff uart @0", "L add 1000-10ff follower @0", "L commit"),
        told);
    assertEquals(ticket.generation() + 1, tickets.getFirst().generation());
    assertView("0-ff uart @0", "1000-10ff follower @0");
  }

  @Test
  void aTicketOfAListenersTransactionKnowsItsGenerationOnlyOncePublished() {
    MemoryRegion follower = mmio("follower", 0x100);
    List<Class<?>> thrown = new ArrayList<>();
    space.addListener(new Diary("L", 0, new ArrayList<>()).at("add 0", () -> {
      CommitTicket ticket = place(0x1000, follower);
      thrown.add(assertThrows(IllegalStateException.class, ticket::generation).getClass());
    }));
    place(0, mmio("uart", 0x100));
    assertEquals(1, thrown.size());
  }

  @Test
  void transactionsOfSeveralListenersArePublishedTogether() {
    long before = memory.generation();
    for (int i = 1; i <= 3; i++) {
      long offset = i * 0x1000L;
      MemoryRegion follower = mmio("follower " + i, 0x100);
      space.addListener(new Diary("L" + i, i, new ArrayList<>()).at("add 0", () -> place(offset, follower)));
    }
    place(0, mmio("uart", 0x100));
    assertEquals(before + 2, memory.generation());
    assertEquals(4, space.flatView().sections().size());
  }

  @Test
  void listenersMayFollowUpOnFollowUps() {
    long before = memory.generation();
    space.addListener(new Diary("L", 0, new ArrayList<>()).at("commit", () -> {
      int placed = system.children().size();
      if (placed > 0 && placed < 5) {
        place(placed * 0x1000L, mmio("step " + placed, 0x100));
      }
    }));
    place(0, mmio("step 0", 0x100));
    assertEquals(5, space.flatView().sections().size());
    assertEquals(before + 5, memory.generation());
  }

  @Test
  void aListenerMayTakeItsOwnTransactionBack() {
    space.addListener(new Diary("L", 0, new ArrayList<>()).at("add", () -> {
      try (Transaction tx = memory.begin()) {
        tx.addSubregion(system, 0x1000, mmio("dropped", 0x100));
      }
    }));
    place(0, mmio("uart", 0x100));
    assertView("0-ff uart @0");
    assertEquals(1, system.children().size());
  }

  @Test
  void aListenerMayChangeTheMapInItsReplay() {
    place(0, mmio("uart", 0x100));
    MemoryRegion follower = mmio("follower", 0x100);
    List<String> told = new ArrayList<>();
    space.addListener(new Diary("L", 0, told).at("add 0", () -> place(0x1000, follower)));
    assertView("0-ff uart @0", "1000-10ff follower @0");
    assertEquals("L commit", told.getLast());
    assertTrue(told.contains("L add 1000-10ff follower @0"), told::toString);
  }

  @Test
  void aListenerMayOpenAndCloseAddressSpaces() {
    List<AddressSpace> opened = new ArrayList<>();
    MemoryRegion uart = mmio("uart", 0x100);
    space.addListener(new Diary("L", 0, new ArrayList<>()).at("add", () -> {
      opened.add(memory.addressSpace("opened", uart));
      assertEquals(List.of(), opened.getFirst().flatView().sections());
    }));
    place(0x1000, mmio("trigger", 0x100));
    assertView(opened.getFirst(), "0-ff uart @0");
  }

  // Address spaces in transactions

  @Test
  void aSpaceOpenedInATransactionIsEmptyUntilItIsCommitted() {
    MemoryRegion uart = mmio("uart", 0x100);
    AddressSpace late;
    try (Transaction tx = memory.begin()) {
      late = memory.addressSpace("late", uart);
      assertView(late);
      assertEquals("unassigned", who(late, 0));
      tx.commit();
    }
    assertView(late, "0-ff uart @0");
  }

  @Test
  void aSpaceOpenedInATransactionThatIsTakenBackIsClosed() {
    MemoryRegion uart = mmio("uart", 0x100);
    AddressSpace dropped;
    try (Transaction _ = memory.begin()) {
      dropped = memory.addressSpace("dropped", uart);
    }
    assertEquals(List.of(space), memory.addressSpaces());
    assertThrows(IllegalStateException.class, dropped::flatView);
    uart.close();
  }

  @Test
  void aSpaceClosedInATransactionThatIsTakenBackStaysOpen() {
    place(0, mmio("uart", 0x100));
    try (Transaction _ = memory.begin()) {
      space.close();
    }
    assertView("0-ff uart @0");
    assertEquals(List.of(space), memory.addressSpaces());
    assertFault(MapFault.Id.STILL_IN_USE, system::close, "root");
  }

  @Test
  void aSpaceOpenedAndClosedInOneTransactionNeverExisted() {
    long before = memory.generation();
    MemoryRegion uart = mmio("uart", 0x100);
    memory.update(_ -> memory.addressSpace("brief", uart).close());
    assertEquals(List.of(space), memory.addressSpaces());
    uart.close();
    place(0, mmio("timer", 0x100));
    assertTrue(memory.generation() > before);
  }

  // Threads

  @Test
  void anotherThreadWaitsUntilTheTransactionEnds() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    MemoryRegion theirs = mmio("theirs", 0x100);
    Thread other;
    try (Transaction tx = memory.begin()) {
      tx.addSubregion(system, 0, mmio("mine", 0x100));
      other = Thread.ofPlatform().start(() -> {
        started.countDown();
        place(0x1000, theirs);
      });
      assertTrue(started.await(60, TimeUnit.SECONDS));
      assertFalse(other.join(Duration.ofMillis(50)));
      tx.commit();
    }
    assertTrue(other.join(Duration.ofSeconds(60)));
    assertView("0-ff mine @0", "1000-10ff theirs @0");
  }
}
