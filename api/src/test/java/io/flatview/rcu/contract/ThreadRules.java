package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of every kind come, read and go. */
public interface ThreadRules extends ContractRules {

  /** Three thousand virtual threads block inside a section each; forbidden: an action runs before the last has left. */
  @Test
  default void thousandsOfVirtualThreadsMayBlockInsideSections() throws InterruptedException {
    int threads = 3_000;
    CountDownLatch entered = new CountDownLatch(threads);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicInteger left = new AtomicInteger();
    AtomicInteger leftWhenRun = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < threads; i++) {
        boolean explicit = i % 2 == 0;
        executor.execute(() -> readUntil(explicit, entered, leave, left));
      }
      entered.await();
      policy().retire(() -> leftWhenRun.set(left.get()));
      Await.notFor("the action ran under open sections", () -> policy().statistics().reclaimed() > 0);
      leave.countDown();
    }
    policy().barrier();
    assertEquals(threads, leftWhenRun.get());
  }

  private void readUntil(boolean explicit, CountDownLatch entered, CountDownLatch leave, AtomicInteger left) {
    Reader reader = explicit ? policy().register("virtual") : policy().currentReader();
    try (ReadSection _ = reader.enter()) {
      entered.countDown();
      leave.await();
      left.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (explicit) {
      reader.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void theImplicitReaderOfAnEndedThreadLeavesTheRegistry(boolean virtual) throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      run(virtual, () -> policy().currentReader().enter().close());
    }
    policy().synchronize();
    assertEquals(0, policy().statistics().readers());
  }

  /** Nobody retires anything: implicit readers of ended threads must not pile up all the same. */
  @Test
  default void readersOfEndedThreadsDoNotPileUpWithoutGracePeriods() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      run(true, () -> policy().currentReader().enter().close());
    }
    assertTrue(policy().statistics().readers() < 250);
  }

  /** A thread ends inside a section, implicit or explicit. It cannot read any more, so nobody waits for it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aThreadThatEndsInsideASectionHoldsUpNothing(boolean virtual) throws InterruptedException {
    run(virtual, () -> policy().currentReader().enter());
    run(virtual, () -> policy().register("left inside").enter());
    Await.until("the action has run", retireTrace()::hasRun);
    assertEquals(0, policy().statistics().readers());
  }

  /** Reader enters; a grace period waits for it; its thread ends; the grace period ends. */
  @Test
  default void aThreadThatEndsDuringAGracePeriodIsNoticed() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().start(() -> {
      policy().register("left inside").enter();
      entered.countDown();
      awaitQuietly(end);
    });
    entered.await();
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    end.countDown();
    thread.join();
    Await.until("the action has run", trace::hasRun);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void anExplicitReaderLeftUnclosedIsReleasedAndOfNoUseAfterwards(boolean virtual) throws InterruptedException {
    AtomicReference<Reader> left = new AtomicReference<>();
    run(virtual, () -> {
      left.set(policy().register("left unclosed"));
      left.get().enter().close();
    });
    policy().synchronize();
    assertEquals(0, policy().statistics().readers());
    IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> left.get().enter());
    assertTrue(refusal.getMessage().contains("left unclosed"), refusal.getMessage());
    left.get().close();
  }

  @Test
  default void aReaderMayBeClosedByAnotherThreadWhileItsOwnLives() {
    try (Puppet owner = Puppet.platform()) {
      Reader reader = owner.ask(() -> policy().register("handed over"));
      reader.close();
      policy().synchronize();
      owner.tell(policy()::synchronize);
      assertEquals(0, policy().statistics().readers());
    }
  }

  /** Readers come and go all the time while grace periods run; forbidden: one is missed, or one is waited for ever. */
  @Test
  default void readersMayComeAndGoDuringGracePeriods() {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Cell> current = new AtomicReference<>(new Cell());
    AtomicInteger violations = new AtomicInteger();
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.virtual()) {
      Future<?> churnA = a.begin(() -> churn(stop, current, violations));
      Future<?> churnB = b.begin(() -> churn(stop, current, violations));
      for (int i = 0; i < 300; i++) {
        Cell old = current.getAndSet(new Cell());
        policy().synchronize();
        old.freed.set(true);
      }
      stop.set(true);
      Puppet.result(churnA);
      Puppet.result(churnB);
    }
    assertEquals(0, violations.get());
  }

  private void churn(AtomicBoolean stop, AtomicReference<Cell> current, AtomicInteger violations) {
    while (!stop.get()) {
      try (Reader reader = policy().register("passing"); ReadSection _ = reader.enter()) {
        Cell cell = current.get();
        Thread.yield();
        violations.addAndGet(cell.freed.get() ? 1 : 0);
      }
    }
  }

  private static void run(boolean virtual, Runnable step) throws InterruptedException {
    Thread thread = virtual ? Thread.ofVirtual().unstarted(step) : Thread.ofPlatform().unstarted(step);
    thread.start();
    thread.join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Something that is freed. */
  final class Cell {

    private final AtomicBoolean freed = new AtomicBoolean();

    private Cell() {}
  }
}
