package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.CommitTicket;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The time when no reader sees the map that a commit replaced. */
class CommitTicketTest extends OnAMachine {

  private static boolean isDone(CommitTicket ticket) {
    return ticket.quiesced().toCompletableFuture().isDone();
  }

  @Test
  void aTicketIsQuiescedAfterAGracePeriodAndNotBefore() {
    CommitTicket ticket;
    try (ReadSection _ = reader.enter()) {
      ticket = place(0, mmio("uart", 0x100));
      policy.runGracePeriod();
      assertFalse(isDone(ticket));
    }
    assertFalse(isDone(ticket));
    policy.runGracePeriod();
    assertTrue(isDone(ticket));
  }

  @Test
  void aSectionEnteredAfterTheCommitDoesNotHoldTheTicketUp() {
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    try (ReadSection _ = reader.enter()) {
      policy.runGracePeriod();
      assertTrue(isDone(ticket));
    }
  }

  /** A section sees the device; it is disabled, then taken out: the second commit changes no view any more. */
  @Test
  void whatAnEarlierCommitHidIsFreeOnlyWhenNoOlderSectionSeesIt() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    policy.runGracePeriod();
    CommitTicket takenOut;
    try (ReadSection _ = reader.enter()) {
      memory.update(tx -> tx.setEnabled(uart, false));
      takenOut = memory.update(tx -> tx.delSubregion(uart));
      policy.runGracePeriod();
      assertFalse(isDone(takenOut));
    }
    policy.runGracePeriod();
    assertTrue(isDone(takenOut));
  }

  @Test
  void aCommitThatChangesNothingIsQuiescedOnceAllBeforeItAre() {
    CommitTicket waiting = memory.update(_ -> {});
    assertFalse(isDone(waiting));
    policy.runGracePeriod();
    assertTrue(isDone(waiting));
    assertTrue(isDone(memory.update(_ -> {})));
  }

  @Test
  void waitingForATicketEndsAtTheTimeLimit() throws InterruptedException {
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    assertFalse(ticket.awaitQuiesced(Duration.ofMillis(20)));
  }

  @Test
  void waitingForATicketEndsWhenItIsQuiesced() throws InterruptedException {
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    Thread reclaimer = Thread.ofPlatform().start(() -> {
      while (!isDone(ticket) || policy.pending() > 0) {
        policy.runGracePeriod();
        Thread.yield();
      }
      for (int i = 0; i < 10; i++) {
        policy.runGracePeriod();
      }
    });
    assertTrue(awaitWhile(reclaimer, ticket));
    reclaimer.join();
  }

  private boolean awaitWhile(Thread reclaimer, CommitTicket ticket) throws InterruptedException {
    boolean quiesced = ticket.awaitQuiesced(Duration.ofMillis(200));
    while (!quiesced && reclaimer.isAlive()) {
      quiesced = ticket.awaitQuiesced(Duration.ofMillis(200));
    }
    return quiesced || ticket.awaitQuiesced(Duration.ZERO);
  }

  @Test
  void aTicketMayBeWaitedForWithoutALimit() {
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> ticket.awaitQuiesced(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void waitingForATicketInsideASectionIsAnErrorAtOnce() {
    try (ReadSection _ = reader.enter()) {
      CommitTicket ticket = place(0, mmio("uart", 0x100));
      assertThrows(IllegalStateException.class, () -> ticket.awaitQuiesced(Duration.ofSeconds(5)));
    }
  }

  @Test
  void waitingForATicketInsideItsOwnTransactionIsAnError() {
    try (Transaction _ = memory.begin()) {
      CommitTicket nested = place(0, mmio("uart", 0x100));
      assertThrows(IllegalStateException.class, () -> nested.awaitQuiesced(Duration.ofSeconds(5)));
    }
  }

  @Test
  void aStageThatBlocksHoldsUpNoGracePeriod() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Void> ran = place(0, mmio("uart", 0x100)).quiesced()
        .thenRun(() -> await(goOn)).toCompletableFuture();
    policy.runGracePeriod();
    assertFalse(ran.isDone());
    CommitTicket other = place(0x100, mmio("other", 0x100));
    policy.runGracePeriod();
    assertTrue(isDone(other));
    goOn.countDown();
    ran.get(60, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStageCannotBeCompletedByItsHolder() {
    CommitTicket ticket = place(0, mmio("uart", 0x100));
    ticket.quiesced().toCompletableFuture().complete(null);
    assertFalse(isDone(ticket));
  }
}
