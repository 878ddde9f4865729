package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MilestoneTest {

  private static final int OVERFLOWS = 200;

  private final Milestone milestone = new Milestone();

  @Test
  void aStageCompletesWhenTheMilestoneIsReached() {
    CompletionStage<Void> stage = milestone.stage();
    assertFalse(milestone.isDone());
    assertFalse(stage.toCompletableFuture().isDone());
    milestone.reach();
    assertTrue(milestone.isDone());
    stage.toCompletableFuture().join();
    assertTrue(milestone.stage().toCompletableFuture().isDone());
  }

  @Test
  void aDependentRunsInAThreadOfItsOwn() {
    CompletableFuture<Thread> first = milestone.stage().thenApply(_ -> Thread.currentThread()).toCompletableFuture();
    milestone.reach();
    assertNotEquals(Thread.currentThread(), first.join());
    assertTrue(first.join().isVirtual());
  }

  /** Forbidden: reach() waits for a dependent. */
  @Test
  void aDependentThatBlocksHoldsUpNobody() {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Void> blocked = milestone.stage().thenRun(() -> awaitQuietly(release)).toCompletableFuture();
    milestone.reach();
    assertFalse(blocked.isDone());
    release.countDown();
    blocked.join();
  }

  @Test
  void whatFailedNeverComesAbout() {
    CompletionStage<Void> stage = milestone.stage();
    milestone.fail(new IllegalStateException("given up"));
    milestone.reach();
    CompletionException failure = assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
    assertEquals("given up", failure.getCause().getMessage());
    assertThrows(CompletionException.class, () -> milestone.stage().toCompletableFuture().join());
  }

  /** Forbidden: a milestone that failed for no reason counts as reached. */
  @Test
  void aFailureWithoutACauseIsRefused() {
    assertThrows(NullPointerException.class, () -> milestone.fail(null));
    assertFalse(milestone.isDone());
  }

  /** The stack ends at each depth in turn. Forbidden: the milestone says that it is reached, and its stage waits on. */
  @Test
  void aMilestoneThatFoundNoStackCanBeReachedAgain() throws Exception {
    List<Milestone> reached = Stream.generate(Milestone::new).limit(OVERFLOWS).toList();
    List<CompletionStage<Void>> stages = reached.stream().map(Milestone::stage).toList();
    Thread thread = new Thread(null, () -> onTheWayBack(reached.iterator()), "overflowing", 192 << 10);
    thread.start();
    thread.join();
    for (int i = 0; i < OVERFLOWS; i++) {
      reached.get(i).reach();
      stages.get(i).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  /** Goes to the end of the stack, and reaches one milestone in each frame on the way back. */
  private static void onTheWayBack(Iterator<Milestone> milestones) {
    try {
      onTheWayBack(milestones);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      if (milestones.hasNext()) {
        milestones.next().reach();
      }
    } catch (StackOverflowError e) {
      // the next frame has more stack
    }
  }

  @Test
  void aStageAskedForAgainIsTheSame() {
    assertSame(milestone.stage(), milestone.stage());
  }

  /** One thread asks for a stage while another reaches the milestone; forbidden: the stage never completes. */
  @Test
  void aStageAskedForAtTheEndCompletes() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      Milestone passing = new Milestone();
      Thread other = Thread.ofPlatform().start(passing::reach);
      passing.stage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      other.join();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
