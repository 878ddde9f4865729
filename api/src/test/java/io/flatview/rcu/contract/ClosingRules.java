package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.PolicyHold;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens at the end of a policy, and after it. */
public interface ClosingRules extends ContractRules {

  /** A time that no reader of these rules leaves in. */
  Duration SHORT = Duration.ofMillis(30);

  /** How many policies are closed under fire. */
  int CLOSINGS = Boolean.getBoolean("flatview.long") ? 100_000 : 100;

  /** A time that every reader of these rules leaves in. */
  Duration LONG = Duration.ofSeconds(30);

  @Test
  default void closingRunsWhatIsLeft() {
    List<Trace> traces = Stream.generate(this::retireTrace).limit(1_000).toList();
    assertEquals(0, policy().close(LONG));
    assertTrue(traces.stream().allMatch(Trace::hasRun));
    assertEquals(0, policy().statistics().backlog());
  }

  @Test
  default void closingWithoutADeadlineRunsWhatIsLeft() {
    Trace trace = retireTrace();
    policy().close();
    assertTrue(trace.hasRun());
  }

  @Test
  default void closingWaitsForOpenSections() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy()); Puppet closer = Puppet.platform()) {
      reader.enter();
      Trace trace = retireTrace();
      Future<?> step = closer.begin(() -> assertEquals(0, policy().close(LONG)));
      Await.notFor("close returned, or the action ran, under an open section", () -> step.isDone() || trace.hasRun());
      reader.leave();
      Puppet.result(step);
      assertTrue(trace.hasRun());
    }
  }

  /** Reader stays; the deadline passes; forbidden: an action that was counted as never run runs after all. */
  @Test
  default void closingGivesUpAtTheDeadlineAndSaysHowManyActionsNeverRun() {
    try (RemoteReader reader = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy())) {
      retireTrace();
      policy().barrier();
      reader.enter();
      List<Trace> traces = Stream.generate(this::retireTrace).limit(7).toList();
      assertEquals(7, policy().close(SHORT));
      reader.leave();
      Await.notFor("an action ran after it was given up", () -> traces.stream().anyMatch(Trace::hasRun));
      assertEquals(7, policy().close(LONG));
      assertEquals(7, policy().statistics().backlog());
    }
  }

  @Test
  default void closingTwiceDoesNothing() {
    retireTrace();
    assertEquals(0, policy().close(LONG));
    assertEquals(0, policy().close(LONG));
    policy().close();
  }

  @Test
  default void aClosedPolicyRefusesWork() {
    policy().close();
    Trace trace = new Trace();
    assertThrows(IllegalStateException.class, () -> policy().retire(trace));
    assertThrows(IllegalStateException.class, policy()::synchronize);
    assertThrows(IllegalStateException.class, policy()::synchronizeExpedited);
    assertThrows(IllegalStateException.class, policy()::barrier);
    assertThrows(IllegalStateException.class, policy()::startGracePeriod);
    assertThrows(IllegalStateException.class, () -> policy().register("late"));
    assertFalse(trace.hasRun());
    assertEquals(0, policy().statistics().retired());
  }

  @Test
  default void aTokenThatEndedStaysOverAfterClosing() throws InterruptedException {
    GracePeriod token = policy().startGracePeriod();
    policy().close();
    assertTrue(token.poll());
    assertTrue(token.await(Duration.ZERO));
    assertTrue(token.stage().toCompletableFuture().isDone());
  }

  /**
   * Reader stays; writers wait, or a slow machine has them come too late and be refused; the policy is closed and gives
   * up. Forbidden: the writers wait for ever.
   */
  @Test
  default void givingUpWakesWhoeverWaits() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy());
        Puppet a = Puppet.platform(); Puppet b = Puppet.platform(); Puppet c = Puppet.virtual()) {
      reader.enter();
      retireTrace();
      GracePeriod token = policy().startGracePeriod();
      CompletionStage<Void> stage = token.stage();
      Future<?> synchronize = a.begin(policy()::synchronize);
      Future<?> barrier = b.begin(policy()::barrier);
      Future<?> await = c.begin(() -> assertThrows(IllegalStateException.class, () -> token.await(LONG)));
      Await.isSoon(() -> a.waitsIn("synchronize") && b.waitsIn("barrier") && c.waitsIn("assertThrows"));
      policy().close(SHORT);
      assertThrows(IllegalStateException.class, () -> Puppet.result(synchronize));
      assertThrows(IllegalStateException.class, () -> Puppet.result(barrier));
      Puppet.result(await);
      assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
      assertFalse(token.poll());
    }
  }

  /** Forbidden: the policy is gone, and what needs it can give nothing back any more. */
  @Test
  default void aPolicyThatIsNeededRefusesToCloseAndLosesNothing() {
    PolicyHold first = policy().hold("memory system 'board'");
    PolicyHold second = policy().hold("memory system 'card'");
    IllegalStateException refusal = assertThrows(IllegalStateException.class, policy()::close);
    assertTrue(refusal.getMessage().contains("'board'") && refusal.getMessage().contains("'card'"),
        refusal.getMessage());
    first.close();
    first.close();
    assertThrows(IllegalStateException.class, () -> policy().close(LONG));
    Trace trace = retireTrace();
    policy().synchronize();
    second.close();
    assertEquals(0, policy().close(LONG));
    assertTrue(trace.hasRun());
    assertThrows(IllegalStateException.class, () -> policy().hold("late"));
    first.close();
  }

  /** A hold and a close at the same time; forbidden: both succeed. */
  @Test
  default void aHoldOrACloseSucceedsNotBoth() {
    for (int i = 0; i < 50; i++) {
      ReclaimPolicy raced = newPolicy();
      try (Puppet closer = Puppet.platform()) {
        Future<Boolean> closing = closer.start(() -> succeeds(() -> raced.close(LONG)));
        AtomicReference<PolicyHold> hold = new AtomicReference<>(() -> { });
        final boolean held = succeeds(() -> hold.set(raced.hold("racer")));
        assertTrue(held != Puppet.result(closing));
        hold.get().close();
        raced.close();
      }
    }
  }

  private static boolean succeeds(Runnable step) {
    try {
      step.run();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  default void aReaderMayLeaveAndCloseAfterItsPolicy() {
    try (RemoteReader remote = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy())) {
      remote.enter();
      policy().close(SHORT);
      remote.leave();
      remote.puppet().tell(remote.reader()::close);
    }
  }

  /**
   * Two threads retire as fast as they can while a third closes; forbidden: an accepted action is lost or refused. A
   * hundred thousand rounds with {@code -Dflatview.long=true}.
   */
  @Test
  @Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  default void anActionThatWasAcceptedWhileClosingRuns() {
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.platform()) {
      for (int i = 0; i < CLOSINGS; i++) {
        closeUnder(newPolicy(), a, b);
      }
    }
  }

  private static void closeUnder(ReclaimPolicy closing, Puppet a, Puppet b) {
    AtomicLong accepted = new AtomicLong();
    AtomicLong ran = new AtomicLong();
    CountDownLatch running = new CountDownLatch(2);
    Future<?> stepA = a.begin(() -> retireUntilRefused(closing, running, accepted, ran));
    Future<?> stepB = b.begin(() -> retireUntilRefused(closing, running, accepted, ran));
    awaitQuietly(running);
    final long left = closing.close(LONG);
    Puppet.result(stepA);
    Puppet.result(stepB);
    assertEquals(0, left);
    assertEquals(accepted.get(), ran.get());
    assertEquals(accepted.get(), closing.statistics().retired());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void retireUntilRefused(
      ReclaimPolicy closing, CountDownLatch running, AtomicLong accepted, AtomicLong ran) {
    try {
      while (true) {
        closing.retire(ran::incrementAndGet);
        accepted.incrementAndGet();
        running.countDown();
      }
    } catch (IllegalStateException e) {
      running.countDown();
    }
  }

  /** An action is running when the time is up: it is not among those that never run. */
  @Test
  default void closingDoesNotCountTheActionThatIsRunning() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    policy().retire(() -> {
      begun.countDown();
      finish.await();
    });
    Trace behind = retireTrace();
    Await.until("the action runs", () -> begun.getCount() == 0);
    assertEquals(1, policy().close(SHORT));
    finish.countDown();
    Await.notFor("an action ran after it was given up", behind::hasRun);
    assertEquals(2, policy().statistics().retired());
    Await.until("the running action has ended", () -> policy().statistics().reclaimed() == 1);
  }

  /**
   * An action does not end, the time is up, and the reclaiming thread cannot say so. Forbidden: a thread that waits for
   * an action behind it, or a stage, waits on.
   */
  @Test
  default void givingUpBehindAnActionThatDoesNotEndWakesTheWaiting() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy());
        Puppet a = Puppet.platform(); Puppet b = Puppet.platform()) {
      policy().retire(() -> {
        begun.countDown();
        finish.await();
      });
      Await.until("the action runs", () -> begun.getCount() == 0);
      final Future<?> first = b.begin(policy()::barrier);
      Await.until("the barrier waits", () -> b.waitsIn("barrier"));
      reader.enter();
      retireTrace();
      final CompletionStage<Void> stage = policy().startGracePeriod().stage();
      final Future<?> second = a.begin(policy()::barrier);
      Await.until("the barrier waits", () -> a.waitsIn("barrier"));
      assertEquals(1, policy().close(SHORT));
      assertThrows(IllegalStateException.class, () -> Puppet.result(second));
      Await.until("the stage has failed", stage.toCompletableFuture()::isCompletedExceptionally);
      assertFalse(first.isDone(), "the first action is still running");
      finish.countDown();
      Puppet.result(first);
      reader.leave();
    } finally {
      finish.countDown();
    }
  }

  /** A stage of the program waits for the object; forbidden: it waits for ever. */
  @Test
  default void anActionThatIsGivenUpIsToldSo() {
    List<Throwable> causes = new CopyOnWriteArrayList<>();
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      policy().retire(abandonedWith(causes));
      policy().retire(abandonedWith(causes), 1);
      policy().retire(new Object(), abandonedWith(causes));
      assertEquals(3, policy().close(SHORT));
      Await.until("all were abandoned", () -> causes.size() == 3);
      assertTrue(causes.stream().allMatch(IllegalStateException.class::isInstance), causes::toString);
      policy().close(SHORT);
      reader.leave();
    }
    assertEquals(3, causes.size());
  }

  /**
   * Two actions are retired while a third runs, so that one grace period serves both; the first of them does not end.
   * Forbidden: a stage that waits for the object of the other one waits on.
   */
  @Test
  default void anActionBehindOneThatDoesNotEndIsToldThatItIsGivenUp() {
    List<Throwable> causes = new CopyOnWriteArrayList<>();
    CountDownLatch earlier = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch before = retireEndless(earlier);
    Await.until("the earlier action runs", () -> earlier.getCount() == 0);
    final CountDownLatch finish = retireEndless(begun);
    policy().retire(abandonedWith(causes));
    try {
      before.countDown();
      Await.until("the action runs", () -> begun.getCount() == 0);
      assertEquals(1, policy().close(SHORT));
      Await.until("the next was abandoned", () -> causes.size() == 1);
      assertTrue(causes.getFirst() instanceof IllegalStateException, causes::toString);
    } finally {
      finish.countDown();
    }
    Await.until("the actions have ended", () -> policy().statistics().reclaimed() == 2);
    policy().close(LONG);
    assertEquals(1, causes.size());
  }

  /** Retires an action that says that it runs, and ends when the latch is counted down that this returns. */
  private CountDownLatch retireEndless(CountDownLatch begun) {
    CountDownLatch finish = new CountDownLatch(1);
    policy().retire(() -> {
      begun.countDown();
      finish.await();
    });
    return finish;
  }

  /** An action that frees nothing here: it either never runs, or the rule fails. */
  private static ReclaimAction abandonedWith(List<Throwable> causes) {
    return new ReclaimAction() {
      @Override
      public void reclaim() {
        causes.add(new AssertionError("an action that was given up has run"));
      }

      @Override
      public void abandon(Throwable cause) {
        causes.add(cause);
      }
    };
  }

  @Test
  default void anActionThatRunsIsNotAbandoned() {
    AtomicBoolean abandoned = new AtomicBoolean();
    AtomicBoolean ran = new AtomicBoolean();
    policy().retire(new ReclaimAction() {
      @Override
      public void reclaim() {
        ran.set(true);
      }

      @Override
      public void abandon(Throwable cause) {
        abandoned.set(true);
      }
    });
    policy().close();
    assertTrue(ran.get());
    assertFalse(abandoned.get());
  }

  /** Forbidden: a time long past wraps around, and becomes centuries. */
  @Test
  default void closingWithATimeInThePastGivesUpAtOnce() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy()); Puppet closer = Puppet.platform()) {
      reader.enter();
      retireTrace();
      assertEquals(1L, Puppet.result(closer.start(() -> policy().close(Duration.ofSeconds(Long.MIN_VALUE)))));
      reader.leave();
    }
  }

  @Test
  default void aCloseWithoutATimeChangesNothing() {
    assertThrows(NullPointerException.class, () -> policy().close(null));
    Trace trace = retireTrace();
    policy().barrier();
    assertTrue(trace.hasRun());
  }

  @Test
  default void closingIsNotBrokenByAnInterruptAndKeepsTheFlag() {
    Trace trace = retireTrace();
    Thread.currentThread().interrupt();
    assertEquals(0, policy().close(LONG));
    assertTrue(Thread.interrupted());
    assertTrue(trace.hasRun());
  }

  @Test
  default void aThreadWithAnOnlineReaderMayClose() {
    Reader reader = policy().register("vcpu");
    Trace trace = retireTrace();
    assertEquals(0, policy().close(LONG));
    assertTrue(trace.hasRun());
    reader.close();
  }
}
