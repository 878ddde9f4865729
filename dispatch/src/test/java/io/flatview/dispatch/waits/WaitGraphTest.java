package io.flatview.dispatch.waits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.waits.Wait.Price;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Waits that hold each other up, and waits that only look so. */
class WaitGraphTest {

  private final WaitGraph graph = new WaitGraph();

  /** A thing that a thread has; its text is its name. */
  private record Thing(String name, Supplier<Thread> has) implements Held {

    @Override
    public Thread holder() {
      return has.get();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Thread thread(String name) {
    return Thread.ofPlatform().name(name).unstarted(() -> { });
  }

  private static Held of(Thread thread, String name) {
    return new Thing(name, () -> thread);
  }

  private final Thread first = thread("first");
  private final Thread second = thread("second");
  private final Thread third = thread("third");
  private final Held a = of(first, "a");
  private final Held b = of(second, "b");
  private final Held c = of(third, "c");

  private void waits(Thread thread, Held wanted) {
    graph.begin(new Wait(thread, wanted, Price.A_CALL));
  }

  @Test
  void aRowOfWaitsIsNoCircle() {
    waits(first, b);
    waits(second, c);
    assertNull(graph.endIfCircle(first, false));
    assertNull(graph.endIfCircle(second, false));
  }

  @Test
  void aThingThatNoThreadHasEndsTheSearch() {
    waits(first, new Thing("free", () -> null));
    assertNull(graph.endIfCircle(first, false));
  }

  @Test
  void aCircleOfThreeIsSeenByEachAndEndsOnce() {
    waits(first, b);
    waits(second, c);
    waits(third, a);
    assertNotNull(graph.endIfCircle(second, false));
    assertNull(graph.endIfCircle(third, false), "the second has given way");
  }

  @Test
  void aThreadThatWaitsForACircleIsNotInIt() {
    waits(first, b);
    waits(second, a);
    waits(third, a);
    assertNull(graph.endIfCircle(third, false));
    assertNotNull(graph.endIfCircle(second, false));
  }

  /** It has got what it waited for, and has not left the graph yet. */
  @Test
  void aThreadThatHasWhatItWaitsForIsNoCircleForOthers() {
    waits(second, b);
    waits(first, b);
    assertNull(graph.endIfCircle(first, false));
  }

  @Test
  void theWaitThatCostsLeastIsRefused() {
    graph.begin(new Wait(first, b, Price.AN_EVENT));
    graph.begin(new Wait(second, c, Price.AN_ACCESS));
    graph.begin(new Wait(third, a, Price.A_CALL));
    for (int looks = 0; looks < 1_000; looks++) { // before the second gets a processor
      assertNull(graph.endIfCircle(first, false));
      assertNull(graph.endIfCircle(third, false));
    }
    assertNotNull(graph.endIfCircle(second, false));
    assertNull(graph.endIfCircle(first, false), "the second has given way");
  }

  @Test
  void ofWaitsThatCostAlikeTheFirstToSearchIsRefused() {
    graph.begin(new Wait(first, b, Price.AN_EVENT));
    graph.begin(new Wait(second, a, Price.AN_EVENT));
    assertNotNull(graph.endIfCircle(first, false));
    assertNull(graph.endIfCircle(second, false));
  }

  @Test
  void aThreadThatWillNotWaitIsRefusedThoughAnotherCostsLess() {
    graph.begin(new Wait(first, b, Price.AN_ACCESS));
    graph.begin(new Wait(second, a, Price.A_CALL));
    assertNotNull(graph.endIfCircle(second, true));
    assertNull(graph.endIfCircle(first, true));
  }

  @Test
  void aCircleSaysWhatEachThreadHasAndWaitsFor() {
    waits(first, b);
    waits(second, c);
    waits(third, a);
    String text = graph.endIfCircle(third, false).refusal("no", "do otherwise").getMessage().replaceAll(" #\\d+", "");
    assertEquals("no: thread 'third' has c and would wait for a; thread 'first' has a and waits for b;"
        + " thread 'second' has b and waits for c; do otherwise", text);
  }

  /**
   * The first has A and waits for B; the second has B and waits for C. While the first looks around, the second gets C
   * and gives both back, and a third takes C and waits for A. So the first has only to wait for a moment. A look that
   * reads one wait after the other sees the second before, the third after, and a circle that never was; unless it
   * comes past the third's place too early, so there are several attempts.
   */
  @RepeatedTest(20)
  void waitsThatWereNeverAtOneTimeAreNoCircle() throws InterruptedException {
    AtomicReference<Thread> change = new AtomicReference<>();
    AtomicReference<Thread> hasB = new AtomicReference<>(second);
    AtomicReference<Thread> hasC = new AtomicReference<>();
    Held wantedByAll = new Thing("c", () -> {
      if (change.get() == null) {
        change.set(Thread.ofPlatform().daemon().start(() -> {
          graph.end(second);
          hasB.set(null);
          hasC.set(third);
          waits(third, a);
        }));
        awaitEndOrBlocked(change.get());
      }
      return hasC.get();
    });
    waits(second, wantedByAll);
    waits(thread("d"), of(thread("e"), "e"));
    waits(first, new Thing("b", hasB::get));
    assertNull(graph.endIfCircle(first, false));
    assertTrue(change.get().join(Duration.ofSeconds(60)));
    assertNull(graph.endIfCircle(first, false));
  }

  private static void awaitEndOrBlocked(Thread thread) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Set<Thread.State> still = Set.of(Thread.State.BLOCKED, Thread.State.TERMINATED);
    while (!still.contains(thread.getState())) {
      assertTrue(System.nanoTime() < deadline, "neither ended nor blocked");
      Thread.onSpinWait();
    }
  }
}
