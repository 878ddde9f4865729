package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.GracePeriod;
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
  default void theImplicitReaderOfAnEndedThreadLeavesTheRegistry(boolean virtual) {
    for (int i = 0; i < 20; i++) {
      OtherThread.run(virtual, () -> policy().currentReader().enter().close());
    }
    policy().synchronize();
    assertEquals(0, policy().statistics().readers());
  }

  /** No thread retires anything: implicit readers of ended threads must not pile up all the same. */
  @Test
  default void readersOfEndedThreadsDoNotPileUpWithoutGracePeriods() {
    for (int i = 0; i < 500; i++) {
      OtherThread.run(true, () -> policy().currentReader().enter().close());
    }
    assertTrue(policy().statistics().readers() < 250);
  }

  /**
   * A thread enters, and ends. Forbidden: its section is taken for left, though what it protects may be in use by
   * another thread.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aThreadThatEndsInsideASectionStillProtectsWhatItRead(boolean virtual) {
    AtomicReference<ReadSection> implicit = new AtomicReference<>();
    AtomicReference<ReadSection> explicit = new AtomicReference<>();
    OtherThread.run(virtual, () -> implicit.set(policy().currentReader().enter()));
    OtherThread.run(virtual, () -> explicit.set(policy().register("left inside").enter()));
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    implicit.get().close();
    Await.notFor("the action ran under an open section", trace::hasRun);
    explicit.get().close();
    Await.until("the action has run", trace::hasRun);
    policy().synchronize();
    assertEquals(0, policy().statistics().readers());
  }

  /** Reader enters; a grace period waits for it; its thread ends. Forbidden: the grace period ends by that. */
  @Test
  default void aThreadThatEndsDuringAGracePeriodGoesOnProtecting() throws InterruptedException {
    AtomicReference<ReadSection> section = new AtomicReference<>();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().start(() -> {
      section.set(policy().register("left inside").enter());
      entered.countDown();
      awaitQuietly(end);
    });
    entered.await();
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    end.countDown();
    thread.join();
    Await.notFor("the action ran under an open section", trace::hasRun);
    section.get().close();
    Await.until("the action has run", trace::hasRun);
  }

  /** What was built in one thread runs in another; in between, the reader holds up nothing, in any flavour. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aReaderThatItsThreadLeftBehindHoldsUpNothingAndIsTakenOver(boolean virtual) {
    AtomicReference<Reader> left = new AtomicReference<>();
    OtherThread.run(virtual, () -> {
      left.set(policy().register("left behind"));
      left.get().enter().close();
    });
    policy().synchronize();
    policy().synchronize();
    assertEquals(0, policy().statistics().readers());
    OtherThread.assertProtectedBy(left.get(), this, virtual, () -> {});
  }

  /** Builder registers, goes offline, ends; the other thread comes online and enters. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aReaderIsBuiltInOneThreadAndUsedInAnother(boolean virtual) {
    AtomicReference<Reader> built = new AtomicReference<>();
    OtherThread.run(virtual, () -> {
      built.set(policy().register("hart0"));
      built.get().offline();
    });
    policy().synchronize();
    OtherThread.assertProtectedBy(built.get(), this, virtual, built.get()::online);
  }

  /** Registered by a thread that lives on and waits for grace periods itself. */
  @Test
  default void theThreadThatRegisteredAReaderForAnotherMayWait() {
    try (Puppet builder = Puppet.platform(); Puppet user = Puppet.platform()) {
      Reader reader = builder.ask(() -> policy().register("hart0"));
      user.tell(() -> reader.enter().close());
      ReadSection section = user.ask(reader::enter);
      Future<?> step = builder.begin(policy()::synchronize);
      Await.notFor("the wait returned under an open section", step::isDone);
      user.tell(section::close);
      user.tell(policy()::synchronize);
      user.tell(reader::offline);
      Puppet.result(step);
      user.tell(reader::close);
    }
  }

  @Test
  default void aThreadIsRefusedToWaitInsideTheSectionOfAReaderThatItTookOver() {
    try (Puppet builder = Puppet.platform(); Puppet user = Puppet.platform()) {
      Reader reader = builder.ask(() -> policy().register("hart0"));
      ReadSection section = user.ask(reader::enter);
      assertThrows(IllegalStateException.class, () -> user.tell(policy()::synchronize));
      user.tell(section::close);
      user.tell(reader::close);
    }
  }

  /** Two threads share a reader by turns, a thousand times; nothing piles up, and each turn protects. */
  @Test
  default void aReaderMayGoToAndFro() {
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.virtual()) {
      Reader reader = a.ask(() -> policy().register("to and fro"));
      for (int i = 0; i < 200; i++) {
        Puppet turn = i % 2 == 0 ? a : b;
        ReadSection section = turn.ask(reader::enter);
        GracePeriod token = policy().startGracePeriod();
        assertFalse(token.poll());
        turn.tell(section::close);
        turn.tell(reader::quiescent);
      }
      b.tell(reader::close);
    }
  }

  /** A thread takes over while the other is inside: it breaks the contract, and gets an exception. */
  @Test
  default void aReaderThatIsInsideCannotBeTakenOver() {
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.platform()) {
      Reader reader = a.ask(() -> policy().register("shared"));
      ReadSection section = a.ask(reader::enter);
      assertThrows(IllegalStateException.class, () -> b.tell(reader::offline));
      a.tell(section::close);
      a.tell(reader::close);
    }
  }

  /**
   * Readers are handed from thread to thread, which end, while grace periods run. Forbidden: one of them is taken for
   * idle when it is not, and what it reads is freed.
   */
  @Test
  default void readersMayBeHandedOverByThreadsThatEnd() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Cell> current = new AtomicReference<>(new Cell());
    AtomicInteger violations = new AtomicInteger();
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.platform()) {
      Future<?> relayA = a.begin(() -> relay(stop, current, violations, false));
      Future<?> relayB = b.begin(() -> relay(stop, current, violations, true));
      for (int i = 0; i < 300; i++) {
        Cell old = current.getAndSet(new Cell());
        policy().synchronize();
        old.freed.set(true);
      }
      stop.set(true);
      Puppet.result(relayA);
      Puppet.result(relayB);
    }
    assertEquals(0, violations.get());
  }

  private void relay(
      AtomicBoolean stop, AtomicReference<Cell> current, AtomicInteger violations, boolean virtual) {
    Reader reader = policy().register("relay");
    while (!stop.get()) {
      OtherThread.run(virtual, () -> {
        for (int i = 0; i < 3; i++) {
          look(reader, current, violations);
        }
      });
      look(reader, current, violations);
    }
    reader.close();
  }

  private static void look(Reader reader, AtomicReference<Cell> current, AtomicInteger violations) {
    try (ReadSection _ = reader.enter()) {
      Cell cell = current.get();
      Thread.yield();
      violations.addAndGet(cell.freed.get() ? 1 : 0);
    }
    reader.quiescent();
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
