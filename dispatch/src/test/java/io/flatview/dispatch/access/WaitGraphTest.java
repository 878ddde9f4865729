package io.flatview.dispatch.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.DeviceGuard;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Waits that hold each other up, and waits that only look so. */
class WaitGraphTest {

  private static final DeviceGuard A = guard("a");
  private static final DeviceGuard B = guard("b");
  private static final DeviceGuard C = guard("c");

  private final WaitGraph graph = new WaitGraph();

  private static DeviceGuard guard(String name) {
    return new DeviceGuard(name, DeviceGuard.Locking.DEVICE, DeviceGuard.Reentrancy.REJECT);
  }

  private WaitGraph.Holder waiting(DeviceGuard held, DeviceGuard wanted) {
    WaitGraph.Holder holder = guard -> guard == held;
    graph.begin(holder, wanted, false);
    return holder;
  }

  private WaitGraph.Holder waitingForTurn(DeviceGuard held, DeviceGuard wanted) {
    WaitGraph.Holder holder = guard -> guard == held;
    graph.begin(holder, wanted, true);
    return holder;
  }

  @Test
  void aRowOfWaitsIsNoCircle() {
    WaitGraph.Holder first = waiting(A, B);
    WaitGraph.Holder second = waiting(B, C);
    assertFalse(graph.endIfCircle(first));
    assertFalse(graph.endIfCircle(second));
  }

  @Test
  void aCircleOfThreeIsSeenByEachAndEndsOnce() {
    waiting(A, B);
    WaitGraph.Holder second = waiting(B, C);
    WaitGraph.Holder third = waiting(C, A);
    assertTrue(graph.endIfCircle(second));
    assertFalse(graph.endIfCircle(third), "the second has given way");
  }

  @Test
  void whoWaitsForACircleIsNotInIt() {
    waiting(A, B);
    WaitGraph.Holder second = waiting(B, A);
    WaitGraph.Holder outside = waiting(C, A);
    assertFalse(graph.endIfCircle(outside));
    assertTrue(graph.endIfCircle(second));
  }

  /** However often the turn's thread looks before the other gets a processor. */
  @Test
  void inACircleTheWaitForATurnIsNotRefusedButTheOther() {
    WaitGraph.Holder access = waiting(A, B);
    WaitGraph.Holder first = waitingForTurn(B, C);
    WaitGraph.Holder second = waitingForTurn(C, A);
    for (int looks = 0; looks < 1_000; looks++) {
      assertFalse(graph.endIfCircle(first) || graph.endIfCircle(second));
    }
    assertTrue(graph.endIfCircle(access));
  }

  @Test
  void aCircleOfWaitsForTurnsEndsAtTheFirstLook() {
    WaitGraph.Holder first = waitingForTurn(A, B);
    WaitGraph.Holder second = waitingForTurn(B, A);
    assertTrue(graph.endIfCircle(first));
    assertFalse(graph.endIfCircle(second));
  }

  /**
   * The first holds A and waits for B; the second holds B and waits for C. While the first looks around, the second
   * gets C and gives both back, and a third takes C and waits for A. So the first has only to wait for a moment. A look
   * that reads one wait after the other sees the second before, the third after, and a circle that never was; unless it
   * comes past the third's place too early, so there are several attempts.
   */
  @RepeatedTest(20)
  void waitsThatWereNeverAtOneTimeAreNoCircle() throws InterruptedException {
    AtomicReference<Thread> change = new AtomicReference<>();
    AtomicReference<WaitGraph.Holder> second = new AtomicReference<>();
    Runnable goOn = () -> {
      graph.end(second.get());
      waiting(C, A);
    };
    WaitGraph.Holder first = guard -> {
      if (guard == C && change.get() == null) {
        change.set(Thread.ofPlatform().daemon().start(goOn));
        awaitEndOrBlocked(change.get());
      }
      return guard == A;
    };
    second.set(waiting(B, C));
    waiting(guard("d"), guard("e"));
    graph.begin(first, B, false);
    assertFalse(graph.endIfCircle(first));
    assertTrue(change.get().join(Duration.ofSeconds(60)));
    assertFalse(graph.endIfCircle(first));
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
