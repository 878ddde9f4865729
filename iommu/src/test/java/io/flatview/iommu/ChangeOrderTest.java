package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeOrderTest {

  private final ChangeOrder order = new ChangeOrder(Duration.ofSeconds(30));
  private final List<String> made = new ArrayList<>();

  @BeforeEach
  void begin() {
    assertTrue(order.begin());
  }

  private void change(Runnable calls) {
    assertTrue(order.begin());
    try {
      order.call(calls);
    } finally {
      order.end();
    }
  }

  /** Forbidden: the interrupted thread goes on at once, and its calls come among those of the other thread. */
  @Test
  void anInterruptedThreadWaitsLikeAnyOtherAndStaysInterrupted() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<List<Boolean>> other = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      Thread.currentThread().interrupt();
      waits.countDown();
      boolean begun = order.begin();
      other.complete(List.of(begun, Thread.interrupted()));
    });
    assertTrue(waits.await(20, TimeUnit.SECONDS));
    Thread.sleep(50);
    assertFalse(other.isDone());
    order.end();
    assertEquals(List.of(true, true), other.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aThreadGivesUpWhenItsTimeIsOver() throws Exception {
    ChangeOrder hasty = new ChangeOrder(Duration.ZERO);
    assertTrue(hasty.begin());
    CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(hasty::begin);
    assertFalse(other.get(20, TimeUnit.SECONDS));
  }

  /** An order in which each wait for the turn ends as the test says. */
  private static ChangeOrder scripted(BooleanSupplier wait) {
    return new ChangeOrder(Duration.ofMillis(60), new ReentrantLock() {
      private static final long serialVersionUID = 1;

      @Override
      public boolean tryLock() {
        return false;
      }

      @Override
      public boolean tryLock(long time, TimeUnit unit) {
        return wait.getAsBoolean();
      }

      @Override
      public boolean isHeldByCurrentThread() {
        return true;
      }
    });
  }

  /** Forbidden: a machine that is held up for longer than the patience has a thread give up, and go on out of order. */
  @Test
  void aWaitThatTakesLongerThanThePatienceIsOneStep() {
    Iterator<Boolean> waits = List.of(false, false, true).iterator();
    assertTrue(scripted(() -> {
      Await.pause(100);
      return waits.next();
    }).begin());
  }

  /** Forbidden: the search of a large table, or the calls for it, take longer than a second and are taken for stuck. */
  @Test
  void aTurnThatGetsOnIsWaitedForHoweverLongItLasts() {
    ChangeOrder[] slow = new ChangeOrder[1];
    int[] waits = {0};
    slow[0] = scripted(() -> {
      if (waits[0] % 3 == 0) {
        slow[0].getOn();
      }
      return ++waits[0] == 1000;
    });
    assertTrue(slow[0].begin());
  }

  @Test
  void aTurnThatDoesNotGetOnIsGivenUp() {
    int[] waits = {0};
    assertFalse(scripted(() -> ++waits[0] == 100).begin());
    assertEquals(3, waits[0]);
  }

  @Test
  void callsInsideCallsFollowThem() {
    order.call(() -> {
      change(() -> {
        change(() -> made.add("third"));
        made.add("second");
      });
      made.add("first");
    });
    assertEquals(List.of("first", "second", "third"), made);
  }

  @Test
  void allCallsAreMadeAndTheFirstFailureIsThrown() {
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> order.call(() -> {
      change(() -> made.add("second"));
      throw new IllegalStateException("first");
    }));
    assertEquals("first", thrown.getMessage());
    assertEquals(List.of("second"), made);
  }

  @Test
  void callsThatCauseEachOtherForEverAreRefusedInTheEnd() {
    assertThrows(IllegalStateException.class, () -> order.call(this::again));
    assertEquals(ChangeOrder.MOST, made.size());
    order.call(() -> made.clear());
    assertEquals(List.of(), made);
  }

  private void again() {
    made.add("again");
    change(this::again);
  }
}
