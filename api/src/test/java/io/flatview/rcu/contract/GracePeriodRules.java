package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways to wait for a grace period. */
public interface GracePeriodRules extends ContractRules {

  /** Forbidden: reader enters; writer unlinks; synchronize returns; reader uses what it found. */
  @ParameterizedTest
  @EnumSource
  default void synchronizeWaitsForOpenSections(RemoteReader.Kind kind) {
    assertWaitsForReader(kind, ReclaimPolicy::synchronize);
  }

  @ParameterizedTest
  @EnumSource
  default void expeditedSynchronizeWaitsForOpenSections(RemoteReader.Kind kind) {
    assertWaitsForReader(kind, ReclaimPolicy::synchronizeExpedited);
  }

  /** Forbidden: an action is retired; barrier returns; the action has not run. */
  @ParameterizedTest
  @EnumSource
  default void barrierWaitsForEveryActionRetiredBefore(RemoteReader.Kind kind) {
    try (RemoteReader reader = kind.of(policy()); Puppet writer = Puppet.platform()) {
      reader.enter();
      List<Trace> traces = Stream.generate(this::retireTrace).limit(100).toList();
      Future<?> barrier = writer.begin(policy()::barrier);
      Await.notFor("barrier returned before the actions ran", barrier::isDone);
      reader.leave();
      Puppet.result(barrier);
      assertTrue(traces.stream().allMatch(Trace::hasRun));
    }
  }

  @Test
  default void nobodyWaitsWhereNobodyReads() {
    policy().synchronize();
    policy().synchronizeExpedited();
    policy().barrier();
    assertTrue(policy().statistics().gracePeriods() >= 2);
  }

  @ParameterizedTest
  @EnumSource
  default void aTokenIsOverWhenTheOpenSectionsHaveEnded(RemoteReader.Kind kind) {
    try (RemoteReader reader = kind.of(policy())) {
      reader.enter();
      GracePeriod token = policy().startGracePeriod();
      Await.notFor("the token is over under an open section", token::poll);
      reader.leave();
      Await.until("the token is over", token::poll);
      reader.enter();
      assertTrue(token.poll());
    }
  }

  /**
   * Reader enters; token 1; reader leaves, then token 1 is over; reader enters again; token 2 waits, token 1 is over.
   */
  @Test
  default void laterTokensWaitForLaterSections() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      GracePeriod first = policy().startGracePeriod();
      reader.leave();
      Await.until("the first is over", first::poll);
      reader.enter();
      GracePeriod second = policy().startGracePeriod();
      Await.notFor("the second is over", second::poll);
      assertTrue(first.poll());
    }
  }

  @Test
  default void awaitingATokenEndsWithItOrAtTheTimeLimit() throws InterruptedException {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      GracePeriod token = policy().startGracePeriod();
      assertFalse(token.await(Duration.ofMillis(20)));
      assertFalse(token.await(Duration.ZERO));
      reader.leave();
      assertTrue(token.await(Duration.ofSeconds(30)));
      assertTrue(token.await(Duration.ZERO));
    }
  }

  @Test
  default void awaitingATokenIsBrokenByAnInterrupt() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      GracePeriod token = policy().startGracePeriod();
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> token.await(Duration.ofSeconds(30)));
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  /** Forbidden: what a user hangs on a stage runs where actions run, and so holds them up. */
  @Test
  default void theStageOfATokenCompletesWithItAndNotInTheReclaimingThread() {
    Trace trace = retireTrace();
    CompletableFuture<Thread> completedIn = new CompletableFuture<>();
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      GracePeriod token = policy().startGracePeriod();
      token.stage().thenRun(() -> completedIn.complete(Thread.currentThread()));
      Await.notFor("the stage completed under an open section", completedIn::isDone);
      reader.leave();
      Thread where = completedIn.join();
      assertTrue(token.poll());
      policy().barrier();
      assertNotEquals(trace.thread(), where);
    }
  }

  /** A dependent of a stage blocks. Forbidden: grace periods, actions and other stages wait for it. */
  @Test
  default void aStageWhoseDependentBlocksHoldsUpNothing() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletionStage<Void> dependent;
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      dependent = policy().startGracePeriod().stage().thenRun(() -> {
        blocked.countDown();
        awaitQuietly(release);
      });
      reader.leave();
      blocked.await();
      policy().synchronize();
      retireTrace();
      policy().barrier();
      assertTrue(policy().startGracePeriod().await(Duration.ofSeconds(30)));
      policy().startGracePeriod().stage().toCompletableFuture().join();
    } finally {
      release.countDown();
    }
    dependent.toCompletableFuture().join();
  }

  /**
   * An action sleeps. Forbidden: a thread that waits for a grace period, in whichever way, waits for the action, too.
   */
  @Test
  default void gracePeriodsDoNotQueueBehindAnAction() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    GracePeriod before = policy().startGracePeriod();
    policy().retire(() -> {
      begun.countDown();
      finish.await();
    });
    begun.await();
    try (Puppet virtual = Puppet.virtual()) {
      assertTrue(before.await(Duration.ofSeconds(30)));
      assertTrue(policy().startGracePeriod().await(Duration.ofSeconds(30)));
      policy().startGracePeriod().stage().toCompletableFuture().join();
      GracePeriod polled = policy().startGracePeriod();
      Await.until("the token is over", polled::poll);
      policy().synchronize();
      virtual.tell(policy()::synchronize);
      virtual.tell(policy()::synchronizeExpedited);
      assertEquals(1, policy().statistics().backlog());
    } finally {
      finish.countDown();
    }
    policy().barrier();
  }

  /** Forbidden: a grace period that runs beside actions ends before a section that was open. */
  @Test
  default void aGracePeriodBesideAnActionWaitsForOpenSections() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    policy().retire(() -> {
      begun.countDown();
      finish.await();
    });
    begun.await();
    try (RemoteReader reader = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      GracePeriod token = policy().startGracePeriod();
      Await.notFor("the token is over under an open section", token::poll);
      reader.leave();
      Await.until("the token is over", token::poll);
    } finally {
      finish.countDown();
    }
  }

  @Test
  default void aDependentOfAStageMayWaitForAGracePeriod() {
    CompletionStage<Void> dependent = policy().startGracePeriod().stage().thenRun(policy()::synchronize);
    dependent.toCompletableFuture().join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  default void theStageOfATokenThatIsOverIsComplete() {
    GracePeriod token = policy().startGracePeriod();
    policy().synchronize();
    assertTrue(token.stage().toCompletableFuture().isDone());
  }

  @Test
  default void whatAStageThrowsDisturbsNothing() {
    GracePeriod token = policy().startGracePeriod();
    token.stage().thenRun(() -> {
      throw new IllegalStateException("planted");
    });
    policy().synchronize();
    policy().barrier();
  }

  /** A hundred tokens taken while one reader is inside: one grace period under way, one more for all of them. */
  @Test
  default void concurrentCallersShareAGracePeriod() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      final long before = policy().statistics().gracePeriods();
      List<GracePeriod> tokens = Stream.generate(policy()::startGracePeriod).limit(100).toList();
      reader.leave();
      tokens.forEach(token -> Await.until("the token is over", token::poll));
      assertTrue(policy().statistics().gracePeriods() - before <= 2);
    }
  }

  /** Forbidden: an interrupt, pending or arriving, ends synchronize while the reader is inside. */
  @Test
  default void synchronizeIsNotBrokenByInterruptsAndKeepsTheFlag() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy()); Puppet writer = Puppet.platform()) {
      Thread thread = writer.thread();
      reader.enter();
      Future<?> step = writer.begin(() -> {
        Thread.currentThread().interrupt();
        policy().synchronize();
        assertTrue(Thread.interrupted());
      });
      Await.notFor("synchronize returned with an interrupt pending", step::isDone);
      thread.interrupt();
      Await.notFor("synchronize returned by an interrupt", step::isDone);
      reader.leave();
      Puppet.result(step);
    }
  }

  private void assertWaitsForReader(RemoteReader.Kind kind, Consumer<ReclaimPolicy> wait) {
    try (RemoteReader reader = kind.of(policy()); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> step = writer.begin(() -> wait.accept(policy()));
      Await.notFor("the wait returned under an open section", step::isDone);
      reader.leave();
      Puppet.result(step);
    }
  }
}
