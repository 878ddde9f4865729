package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread that ends with a transaction open, and one that keeps the others waiting. */
class AbandonedTransactionTest extends OnAMachine {

  private final List<LogRecord> warnings = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("io.flatview.dispatch.commit");
  private final Handler collecting = new Handler() {
    @Override
    public void publish(LogRecord warning) {
      warnings.add(warning);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void collectWarnings() {
    logger.setUseParentHandlers(false);
    logger.addHandler(collecting);
  }

  @AfterEach
  void logAsBefore() {
    logger.removeHandler(collecting);
    logger.setUseParentHandlers(true);
  }

  /** Other tests' threads may be warned of, too. */
  private List<LogRecord> warningsOf(String thread) {
    return warnings.stream().filter(warning -> warning.getMessage().contains("'" + thread + "'")).toList();
  }

  private static void run(Thread.Builder thread, Runnable work) throws InterruptedException {
    Thread started = thread.start(work);
    started.join();
  }

  private <T> T within(Supplier<T> work) throws Exception {
    return CompletableFuture.supplyAsync(work).get(60, TimeUnit.SECONDS);
  }

  private void leaveOpen(MemoryRegion device) {
    Transaction forgotten = memory.begin();
    forgotten.addSubregion(system, 0x1000, device);
  }

  @Test
  void theChangesOfAThreadThatEndedAreTakenBackAndReported() throws Exception {
    MemoryRegion device = mmio("device", 0x100);
    run(Thread.ofPlatform().name("forgetful"), () -> leaveOpen(device));
    within(() -> memory.update(tx -> tx.setEnabled(system, true)));
    assertFalse(device.parent().isPresent());
    assertView();
    List<LogRecord> warned = warningsOf("forgetful");
    assertEquals(1, warned.size());
    assertTrue(List.of(warned.getFirst().getThrown().getCause().getStackTrace()).stream()
        .anyMatch(frame -> frame.getMethodName().equals("leaveOpen")));
  }

  @Test
  void theChangesOfAVirtualThreadThatEndedAreTakenBackToo() throws Exception {
    MemoryRegion device = mmio("device", 0x100);
    run(Thread.ofVirtual().name("forgetful"), () -> leaveOpen(device));
    assertTrue(within(() -> memory.inspect().tree()).contains("memory"));
    assertFalse(device.parent().isPresent());
  }

  @Test
  void whatANestedTransactionHasCommittedGoesWithTheOutermost() throws Exception {
    MemoryRegion device = mmio("device", 0x100);
    CompletableFuture<CommitTicket> nested = new CompletableFuture<>();
    run(Thread.ofPlatform(), () -> {
      memory.begin();
      nested.complete(place(0x1000, device));
    });
    within(() -> place(0x2000, mmio("other", 0x100)));
    assertFalse(device.parent().isPresent());
    assertThrows(IllegalStateException.class, () -> nested.join().generation());
    assertTrue(nested.join().quiesced().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void theMemorySystemCanBeClosedAfterAThreadEnded() throws Exception {
    run(Thread.ofPlatform(), () -> leaveOpen(mmio("device", 0x100)));
    within(() -> {
      memory.close();
      return null;
    });
  }

  @Test
  void manyThreadsMayEndOneAfterTheOther() throws Exception {
    for (int i = 0; i < 50; i++) {
      MemoryRegion device = mmio("device" + i, 0x100);
      run(i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual(), () -> leaveOpen(device));
      within(() -> place(0x1000, device));
      memory.update(tx -> tx.delSubregion(device));
    }
  }

  @Test
  void aThreadThatWaitsForLongNamesTheHolderAndWhatItDoes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    space.addListener(new MemoryListener() {
      @Override
      public void plan(MapChange change) {
        waitInBetween(begun, goOn);
      }
    });
    CompletableFuture<?> slow = CompletableFuture.runAsync(() -> place(0, mmio("device", 0x100)),
        task -> Thread.ofPlatform().name("slow").start(task));
    await(begun);
    CompletableFuture<?> waiting = CompletableFuture.runAsync(memory::addressSpaces,
        task -> Thread.ofPlatform().name("patient").start(task));
    while (warningsOf("patient").isEmpty() && !waiting.isDone()) {
      Thread.sleep(10);
    }
    goOn.countDown();
    slow.get(60, TimeUnit.SECONDS);
    waiting.get(60, TimeUnit.SECONDS);
    String report = warningsOf("patient").getFirst().getMessage();
    assertTrue(report.contains("'slow'") && report.contains("waitInBetween"), report);
  }

  /** The other thread hears of this one only when it is in this method, and has it leave. */
  private static void waitInBetween(CountDownLatch begun, CountDownLatch goOn) {
    begun.countDown();
    await(goOn);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptDoesNotBreakTheWaitForTheLockAndIsNotLost() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread waiting;
    try (Transaction _ = memory.begin()) {
      waiting = Thread.ofPlatform().start(() -> {
        place(0, mmio("device", 0x100));
        interrupted.complete(Thread.currentThread().isInterrupted());
      });
      waiting.interrupt();
      Thread.sleep(50);
      assertFalse(interrupted.isDone());
    }
    assertTrue(interrupted.get(60, TimeUnit.SECONDS));
  }
}
