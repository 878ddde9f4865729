package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.FlatView;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A listener that throws: before publication nothing has happened, after it all has. */
class ListenerFailureTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  private static final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Trouble(String where) {
      super("trouble at " + where);
    }
  }

  /** Two spaces with three listeners, and a change that makes each of them hear everything there is to hear. */
  private final class Scene {

    final List<String> told = new ArrayList<>();
    final MemoryRegion moving = mmio("moving", 0x100);
    final MemoryRegion.Ram vram = ram("vram", 0x1000);
    final AddressSpace dma;
    String failing = "none";
    Function<String, Throwable> trouble = Trouble::new;

    Scene() {
      memory.update(tx -> tx
          .addSubregion(system, 0x1000, moving)
          .addSubregion(system, 0x8000, vram)
          .setDirtyLogMask(vram, 1));
      dma = memory.addressSpace("dma", memory.alias("window", system, 0, system.size()));
      for (String name : List.of("a", "b")) {
        space.addListener(listener(name, name.equals("a") ? 1 : 3));
      }
      dma.addListener(listener("c", 2));
      told.clear();
    }

    private Diary listener(String name, int priority) {
      return new Diary(name, priority, told).before(entry -> {
        if (entry.equals(failing)) {
          throw Failure.rethrow(trouble.apply(entry));
        }
      });
    }

    CommitTicket change() {
      return memory.update(tx -> tx.setAddress(moving, 0x2000).setDirtyLogMask(vram, 2));
    }

    void undoChange() {
      failing = "none";
      memory.update(tx -> tx.setAddress(moving, 0x1000).setDirtyLogMask(vram, 1));
      told.clear();
    }
  }

  /** The calls that must take back earlier calls: the latest first, and abort for every begin. */
  private static List<String> inverseOf(List<String> told) {
    return told.reversed().stream().flatMap(ListenerFailureTest::inverseOf).toList();
  }

  private static Stream<String> inverseOf(String entry) {
    String[] words = entry.split(" ", 3);
    return switch (words[1]) {
      case "begin" -> Stream.of(words[0] + " abort");
      case "add" -> Stream.of(words[0] + " del " + words[2]);
      case "del" -> Stream.of(words[0] + " add " + words[2]);
      case "logStart" -> Stream.of(words[0] + " logStop " + turned(words[2]));
      case "logStop" -> Stream.of(words[0] + " logStart " + turned(words[2]));
      default -> Stream.of();
    };
  }

  private static String turned(String masks) {
    int at = masks.lastIndexOf(' ') + 1;
    String[] pair = masks.substring(at).split("->");
    return masks.substring(0, at) + pair[1] + "->" + pair[0];
  }

  private static List<String> everythingToldBeforePublication(Scene scene) {
    scene.change();
    List<String> all = scene.told.stream().filter(entry -> !entry.endsWith("commit")).toList();
    scene.undoChange();
    return all;
  }

  /** What a listener may throw; a checked exception gets past the compiler by way of a generic method. */
  private static final List<Function<String, Throwable>> TROUBLES = List.of(
      Trouble::new,
      where -> new IOException("trouble at " + where),
      where -> new Throwable("trouble at " + where),
      where -> new AssertionError("trouble at " + where),
      where -> new StackOverflowError("trouble at " + where),
      where -> new OutOfMemoryError("trouble at " + where));

  @TestFactory
  Stream<DynamicTest> whateverIsThrownBeforePublicationTakesEverythingBack() {
    Scene scene = new Scene();
    List<String> all = everythingToldBeforePublication(scene);
    assertTrue(all.size() > 20, () -> "too little is told: " + all);
    return TROUBLES.stream().flatMap(trouble -> all.stream().map(point -> DynamicTest.dynamicTest(
        trouble.apply(point).toString(), () -> {
          scene.trouble = trouble;
          assertTakenBack(scene, all, point);
        })));
  }

  private void assertTakenBack(Scene scene, List<String> all, String point) {
    FlatView before = space.flatView();
    FlatView dmaBefore = scene.dma.flatView();
    long generation = memory.generation();
    int pending = policy.pending();
    scene.told.clear();
    scene.failing = point;
    Class<?> thrown = scene.trouble.apply(point).getClass();

    MapException refusal = assertThrows(MapException.class, scene::change);

    List<String> until = all.subList(0, all.indexOf(point));
    assertEquals(String.join("\n", with(until, inverseOf(until))), String.join("\n", scene.told));
    assertSays(refusal, point);
    assertEquals(thrown, refusal.getCause().getClass());
    assertSame(before, space.flatView());
    assertSame(dmaBefore, scene.dma.flatView());
    assertView(space, "1000-10ff moving @0", "8000-8fff vram @0 log=1");
    assertEquals(generation, memory.generation());
    assertEquals(pending, policy.pending());
    assertEquals(0x1000, scene.moving.address());
    assertEquals(1, scene.vram.dirtyLogMask());

    assertTheSameChangeSucceedsLater(scene, all);
  }

  private static void assertSays(MapException refusal, String point) {
    MapFault.Id expected = point.endsWith("plan") ? MapFault.Id.VETO : MapFault.Id.LISTENER_FAILED;
    assertEquals(List.of(expected), refusal.faults().stream().map(MapFault::id).toList());
    String named = point.startsWith("c") ? "'dma'" : "'memory'";
    assertNames(refusal, "listener " + point.charAt(0), named, "trouble at " + point);
    assertEquals(List.of(), List.of(refusal.getSuppressed()), "taking back must go without failures");
  }

  private void assertTheSameChangeSucceedsLater(Scene scene, List<String> all) {
    scene.told.clear();
    scene.failing = "none";
    scene.change();
    assertEquals(all, scene.told.subList(0, all.size()));
    assertView(space, "2000-20ff moving @0", "8000-8fff vram @0 log=2");
    scene.undoChange();
  }

  private static List<String> with(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  @Test
  void anErrorIsTreatedLikeAnException() {
    place(0, mmio("uart", 0x100));
    space.addListener(new Diary("L", 0, new ArrayList<>()).onceAt("del", () -> {
      throw new AssertionError("broken invariant");
    }));
    assertFault(MapFault.Id.LISTENER_FAILED, () -> enable(system, false), "broken invariant");
    assertView("0-ff uart @0");
  }

  @Test
  void aTicketOfANestedTransactionFailsWithTheOutermost() {
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    listener.onceAt("begin", () -> {
      throw new Trouble("begin");
    });
    CommitTicket nested;
    try (Transaction outer = memory.begin()) {
      nested = place(0, mmio("uart", 0x100));
      assertThrows(MapException.class, outer::commit);
    }
    CompletionStage<Void> stage = nested.quiesced();
    assertTrue(stage.toCompletableFuture().isCompletedExceptionally());
    assertThrows(IllegalStateException.class, nested::generation);
  }

  @Test
  void aFailureWhileTakingBackDoesNotStopTheRest() {
    List<String> told = new ArrayList<>();
    place(0, mmio("uart", 0x100));
    Diary stubborn = new Diary("stubborn", 2, told);
    space.addListener(stubborn);
    space.addListener(new Diary("good", 1, told));
    told.clear();
    boolean[] failed = {false};
    stubborn.before(entry -> {
      if (entry.startsWith("stubborn add") || failed[0]) {
        failed[0] = true;
        throw new Trouble(entry);
      }
    });
    MapException refusal =
        assertFault(MapFault.Id.LISTENER_FAILED, () -> place(0x1000, mmio("late", 0x100)), "stubborn");
    assertEquals(
        List.of("good plan", "stubborn plan", "good begin", "stubborn begin", "good nop 0-ff uart @0",
            "stubborn nop 0-ff uart @0", "good add 1000-10ff late @0",
            "good del 1000-10ff late @0", "good abort"),
        told);
    stubborn.before(_ -> {});
    assertEquals(List.of("trouble at stubborn abort"), suppressedIn(refusal));
    assertView("0-ff uart @0");
  }

  @Test
  void failuresAfterPublicationAreCollectedAndTheMapStands() {
    List<String> told = new ArrayList<>();
    space.addListener(new Diary("a", 1, told).at("commit", () -> failIfPlaced("a")));
    space.addListener(new Diary("b", 2, told).at("commit", () -> failIfPlaced("b")));
    space.addListener(new Diary("c", 3, told));
    told.clear();
    ListenerException report = assertThrows(ListenerException.class, () -> place(0, mmio("uart", 0x100)));
    assertEquals(List.of("trouble at a", "trouble at b"), suppressedIn(report));
    assertEquals("c commit", told.getLast());
    assertView("0-ff uart @0");
    assertEquals(memory.generation(), report.ticket().generation());
    policy.runGracePeriod();
    assertTrue(report.ticket().quiesced().toCompletableFuture().isDone());
    enable(system, false);
    assertView();
  }

  /** Else the caller would have no handle of a space that is open. */
  @Test
  void openingASpaceCallsNoListenerAndSoCannotFailAfterwards() {
    List<String> told = new ArrayList<>();
    place(0, mmio("uart", 0x100));
    space.addListener(new Diary("L", 0, told));
    told.clear();
    AddressSpace second = memory.addressSpace("second", system);
    assertSame(space.flatView(), second.flatView());
    assertEquals(List.of(), told);
    assertEquals(List.of(space, second), memory.addressSpaces());
  }

  private static List<String> suppressedIn(Throwable thrown) {
    return Stream.of(thrown.getSuppressed()).map(Throwable::getMessage).toList();
  }

  private void failIfPlaced(String where) {
    if (system.isEnabled() && !system.children().isEmpty()) {
      throw new Trouble(where);
    }
  }

  @Test
  void aTransactionOfAListenerSharesTheFateOfTheCommitThatIsGivenUp() {
    MemoryRegion follower = mmio("follower", 0x100);
    List<CommitTicket> tickets = new ArrayList<>();
    space.addListener(new Diary("a", 1, new ArrayList<>()).at("add", () -> tickets.add(place(0x2000, follower))));
    space.addListener(new Diary("b", 2, new ArrayList<>()).at("add", () -> {
      throw new Trouble("b");
    }));
    MemoryRegion uart = mmio("uart", 0x100);
    assertFault(MapFault.Id.LISTENER_FAILED, () -> place(0x1000, uart), "trouble at b");
    assertTrue(tickets.getFirst().quiesced().toCompletableFuture().isCompletedExceptionally());
    assertEquals(List.of(), system.children());
    assertView();
  }

  @Test
  void aTransactionOfAListenerThatFailsIsReportedWithTheCommitThatCalledIt() {
    List<CommitTicket> tickets = new ArrayList<>();
    MemoryRegion follower = mmio("follower", 0x100);
    space.addListener(new Diary("a", 1, new ArrayList<>()).at("commit", () -> {
      if (system.children().size() == 1) {
        tickets.add(place(0x2000, follower));
      }
    }));
    space.addListener(new Diary("b", 2, new ArrayList<>()).at("plan", () -> {
      if (follower.parent().isPresent()) {
        throw new Trouble("veto");
      }
    }));
    ListenerException report = assertThrows(ListenerException.class, () -> place(0x1000, mmio("uart", 0x100)));
    assertNames(report.getSuppressed()[0], "VETO", "trouble at veto");
    assertTrue(tickets.getFirst().quiesced().toCompletableFuture().isCompletedExceptionally());
    assertView("1000-10ff uart @0");
    assertEquals(report.ticket().generation(), memory.generation());
  }

  @Test
  void aTransactionLeftOpenBeforePublicationGivesTheCommitUp() {
    space.addListener(new Diary("L", 0, new ArrayList<>()).onceAt("add", this::leaveATransactionOpen));
    assertRefused(IllegalStateException.class, () -> place(0x1000, mmio("uart", 0x100)), "transaction open");
    assertView();
    assertAnotherThreadCanCommit();
  }

  @Test
  void aTransactionLeftOpenAfterPublicationIsTakenBackAndReported() {
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    listener.onceAt("commit", this::leaveATransactionOpen);
    ListenerException report = assertThrows(ListenerException.class, () -> place(0x1000, mmio("uart", 0x100)));
    assertNames(report.getSuppressed()[0], "transaction open");
    assertView("1000-10ff uart @0");
    assertEquals(1, system.children().size());
    assertAnotherThreadCanCommit();
  }

  @Test
  void aTransactionLeftOpenInAReplayIsTakenBackAndReported() {
    assertRefused(IllegalStateException.class,
        () -> space.addListener(new Diary("L", 0, new ArrayList<>()).onceAt("commit", this::leaveATransactionOpen)),
        "transaction open");
    assertEquals(List.of(), system.children());
    assertAnotherThreadCanCommit();
  }

  @SuppressWarnings("resource")
  private void leaveATransactionOpen() {
    memory.begin().addSubregion(system, 0x5000, mmio("left over", 0x100));
  }

  /** Fails within two minutes if the topology's lock was not given back. */
  private void assertAnotherThreadCanCommit() {
    MemoryRegion late = mmio("late", 0x10);
    Thread other = Thread.ofPlatform().daemon().start(() -> place(0x7000, late));
    OnARacingMachine.join(other);
    assertTrue(late.parent().isPresent(), "the lock of the topology is still held");
  }

  @Test
  void aListenerThatFailsInItsReplayIsToldTheInverseAndNotRegistered() {
    place(0x1000, mmio("uart", 0x100));
    place(0x2000, mmio("timer", 0x100));
    List<String> told = new ArrayList<>();
    Diary listener = new Diary("L", 0, told).at("add 2000", () -> {
      throw new Trouble("replay");
    });
    assertFault(MapFault.Id.LISTENER_FAILED, () -> space.addListener(listener), "trouble at replay", "listener L");
    assertEquals(List.of("L begin", "L add 1000-10ff uart @0", "L del 1000-10ff uart @0", "L abort"), told);
    told.clear();
    place(0x3000, mmio("more", 0x100));
    assertEquals(List.of(), told);
    space.addListener(listener.before(_ -> {})).close();
  }

  @Test
  void aFollowUpOfAReplayThatIsRefusedIsTakenBackAndTheListenerStays() {
    place(0x1000, mmio("uart", 0x100));
    MemoryRegion follower = mmio("follower", 0x100);
    List<String> told = new ArrayList<>();
    List<CommitTicket> tickets = new ArrayList<>();
    Diary listener = new Diary("L", 0, told);
    listener.onceAt("add", () -> {
      tickets.add(place(0x2000, follower));
      listener.onceAt("plan", () -> {
        throw new Trouble("second thoughts");
      });
    });
    space.addListener(listener);
    assertTrue(tickets.getFirst().quiesced().toCompletableFuture().isCompletedExceptionally());
    assertView("1000-10ff uart @0");
    assertEquals(1, system.children().size());
    place(0x3000, mmio("more", 0x100));
    assertTrue(told.contains("L add 3000-30ff more @0"), told::toString);
  }

  @Test
  void aListenerThatFailsWhenItLeavesIsOutAllTheSame() {
    place(0x1000, mmio("uart", 0x100));
    List<String> told = new ArrayList<>();
    Diary listener = new Diary("L", 0, told);
    AddressSpace.Registration registration = space.addListener(listener);
    listener.onceAt("del", () -> {
      throw new Trouble("leaving");
    });
    assertThrows(RuntimeException.class, registration::close);
    told.clear();
    place(0x2000, mmio("timer", 0x100));
    assertEquals(List.of(), told);
    registration.close();
  }

  @Test
  void aVetoOnClosingASpaceKeepsItOpen() {
    place(0, mmio("uart", 0x100));
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    listener.at("plan", () -> {
      throw new Trouble("stay");
    });
    assertFault(MapFault.Id.VETO, space::close, "'memory'", "trouble at stay");
    assertView("0-ff uart @0");
    assertEquals(List.of(space), memory.addressSpaces());
    assertFault(MapFault.Id.VETO, memory::close, "'memory'");
    listener.before(_ -> {});
    enable(system, false);
    assertView();
  }

  @Test
  void aFailureAfterPublicationDoesNotStopTheMemorySystemFromClosing() {
    store(touch(), 1, 1);
    space.addListener(new Diary("L", 0, new ArrayList<>()).at("commit", () -> {
      if (memory.addressSpaces().isEmpty()) {
        throw new Trouble("closing");
      }
    }));
    assertThrows(ListenerException.class, memory::close);
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
    assertThrows(IllegalStateException.class, memory::begin);
  }

  private long touch() {
    place(0, ram("ram", 0x1000));
    return 0;
  }
}
