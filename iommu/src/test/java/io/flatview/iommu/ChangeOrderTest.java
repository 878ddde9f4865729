package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
