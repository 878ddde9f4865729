package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.MemoryLimit;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import io.flatview.rcu.RejectedRetireException;
import io.flatview.rcu.spi.ReclaimEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory that waits for readers is bounded in bytes and in blocks. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryLimitTest {

  private static ReclaimPolicy policy(ReclaimOptions options) {
    return new ReclaimEngine(TestFlavour.sound(), options);
  }

  private static ReclaimPolicy bounded(long blocks, long bytes, BacklogPolicy beyond) {
    return policy(ReclaimOptions.defaults().withMemoryLimit(new MemoryLimit(blocks, bytes, beyond)));
  }

  private static RemoteReader inside(ReclaimPolicy policy) {
    RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy);
    reader.enter();
    return reader;
  }

  private static void retire(ReclaimPolicy policy, int blocks, long bytes) {
    for (int i = 0; i < blocks; i++) {
      policy.retire(new Trace(), bytes);
    }
  }

  private static boolean isThrottled(Thread writer) {
    return Arrays.stream(writer.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("awaitMemory"));
  }

  @Test
  void aBlockBeyondTheLimitIsRejectedWithFigures() {
    try (ReclaimPolicy policy = bounded(3, 1_000_000, BacklogPolicy.REJECT); RemoteReader reader = inside(policy)) {
      retire(policy, 3, 10);
      RejectedRetireException refusal =
          assertThrows(RejectedRetireException.class, () -> policy.retire(new Trace(), 10));
      assertEquals("too much memory waits in policy test: 3 blocks of 30 bytes, the limit is 3 blocks and 1000000"
          + " bytes", refusal.getMessage());
      assertEquals(1, policy.statistics().rejected());
      assertEquals(3, policy.statistics().retired());
      reader.leave();
      policy.barrier();
      retire(policy, 3, 10);
    }
  }

  /** A single block may be larger than the limit, or a program with large files could never retire one. */
  @Test
  void bytesCountUntilTheyAreGivenBack() {
    try (ReclaimPolicy policy = bounded(100, 1_000, BacklogPolicy.REJECT); RemoteReader reader = inside(policy)) {
      policy.retire(new Trace(), 5_000);
      assertThrows(RejectedRetireException.class, () -> policy.retire(new Trace(), 1));
      ReclaimStatistics full = policy.statistics();
      assertEquals(1, full.waitingBlocks());
      assertEquals(5_000, full.waitingBytes());
      reader.leave();
      policy.barrier();
      assertEquals(0, policy.statistics().waitingBlocks());
      assertEquals(0, policy.statistics().waitingBytes());
      assertEquals(1, policy.statistics().maxBlocks());
    }
  }

  @Test
  void actionsWithoutMemoryDoNotCount() {
    try (ReclaimPolicy policy = bounded(1, 1, BacklogPolicy.REJECT); RemoteReader reader = inside(policy)) {
      for (int i = 0; i < 100; i++) {
        policy.retire(new Trace());
      }
      assertEquals(0, policy.statistics().waitingBlocks());
      reader.leave();
    }
  }

  @Test
  void aWriterWaitsUntilThereIsRoom() {
    try (ReclaimPolicy policy = bounded(4, 1_000, BacklogPolicy.THROTTLE); RemoteReader reader = inside(policy);
        Puppet writer = Puppet.platform()) {
      Future<?> step = writer.begin(() -> retire(policy, 10, 1));
      Await.until("four blocks wait", () -> policy.statistics().waitingBlocks() == 4);
      Await.notFor("the writer went on", () -> step.isDone() || policy.statistics().waitingBlocks() > 4);
      reader.leave();
      Puppet.result(step);
      policy.barrier();
      assertTrue(policy.statistics().maxBlocks() <= 4);
    }
  }

  /** Forbidden: a writer at full speed leaves thousands of blocks behind it, as it is faster than a grace period. */
  @Test
  void aWriterAtAnySpeedLeavesTensOfBlocksBehind() {
    try (ReclaimPolicy policy = policy(ReclaimOptions.defaults());
        RemoteReader _ = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      policy.retire(new Trace(), 1);
      policy.barrier();
      int vain = 0;
      for (int i = 0; i < 5_000; i++) {
        long start = System.nanoTime();
        policy.retire(new Trace(), 1);
        vain += System.nanoTime() - start >= 1_000_000 ? 1 : 0;
      }
      long most = policy.statistics().maxBlocks();
      long bound = 25 + 24L * vain; // a pause in vain, on a busy machine, allows as many again
      assertTrue(most <= bound, () -> most + " blocks, at most " + bound);
    }
  }

  /** Forbidden: the default waits for nothing, and the kernel refuses the 65,531st mapping. */
  @Test
  void byDefaultAWriterWaitsBeforeTheKernelRefuses() {
    try (ReclaimPolicy policy = policy(ReclaimOptions.defaults()); RemoteReader reader = inside(policy);
        Puppet writer = Puppet.platform()) {
      Future<?> step = writer.begin(() -> retire(policy, 16_385, 1));
      Await.until("a quarter of what the kernel allows waits", () -> policy.statistics().waitingBlocks() == 16_384);
      Await.notFor("the writer went on", step::isDone);
      reader.leave();
      Puppet.result(step);
    }
  }

  @Test
  void aWriterIsNotThrottledByItsOwnSection() {
    try (ReclaimPolicy policy = bounded(1, 1, BacklogPolicy.THROTTLE)) {
      try (ReadSection _ = policy.currentReader().enter()) {
        retire(policy, 20, 8);
        assertEquals(20, policy.statistics().waitingBlocks());
      }
      policy.barrier();
      assertEquals(0, policy.statistics().waitingBytes());
    }
  }

  @Test
  void closingRefusesAThrottledWriter() {
    ReclaimPolicy policy = bounded(1, 1_000, BacklogPolicy.THROTTLE);
    try (RemoteReader reader = inside(policy); Puppet writer = Puppet.platform()) {
      writer.tell(() -> retire(policy, 1, 1));
      Thread thread = writer.thread();
      Future<?> step = writer.begin(() -> retire(policy, 1, 1));
      Await.until("the writer waits for room", () -> isThrottled(thread));
      assertEquals(1, policy.close(Duration.ofMillis(20)));
      assertThrows(IllegalStateException.class, () -> Puppet.result(step));
      reader.leave();
    }
  }

  /**
   * The reclaiming thread waits for a reader with an earlier block, and so does not seal the writer's bag. Forbidden:
   * the writer, let go by the close, puts its block into that bag.
   */
  @Test
  void closingRefusesAThrottledWriterWhoseBagIsOpen() {
    ReclaimPolicy policy = bounded(2, 1_000, BacklogPolicy.THROTTLE);
    try (RemoteReader reader = inside(policy); Puppet writer = Puppet.platform()) {
      retire(policy, 1, 1);
      policy.startGracePeriod();
      Await.pause(50);
      writer.tell(() -> retire(policy, 1, 1));
      Thread thread = writer.thread();
      Future<?> step = writer.begin(() -> retire(policy, 1, 1));
      Await.until("the writer waits for room", () -> isThrottled(thread));
      assertEquals(2, policy.close(Duration.ofMillis(20)));
      assertThrows(IllegalStateException.class, () -> Puppet.result(step));
      reader.leave();
    }
  }

  @Test
  void aLimitThatIsReportedRefusesNothing() {
    try (ReclaimPolicy policy = bounded(1, 1, BacklogPolicy.REPORT); RemoteReader reader = inside(policy)) {
      retire(policy, 1_000, 1);
      assertEquals(1_000, policy.statistics().waitingBlocks());
      reader.leave();
    }
  }

  @Test
  void anActionThatThrowsGivesItsRoomBack() {
    try (ReclaimPolicy policy = bounded(1, 1, BacklogPolicy.REJECT)) {
      policy.retire(() -> {
        throw new IllegalStateException("a reclaim action of a test fails");
      }, 9);
      policy.barrier();
      Await.until("the room is there again", () -> policy.statistics().waitingBytes() == 0);
    }
  }

  @Test
  void anActionThatIsPendingIsNotRetiredTwice() {
    try (ReclaimPolicy policy = bounded(9, 9, BacklogPolicy.REJECT); RemoteReader reader = inside(policy)) {
      ReclaimAction action = new Trace();
      policy.retire(action, 1);
      assertThrows(IllegalStateException.class, () -> policy.retire(action, 1));
      assertEquals(1, policy.statistics().waitingBlocks());
      reader.leave();
    }
  }

  @Test
  void aNegativeSizeIsRefusedByEveryPolicy() {
    try (ReclaimPolicy engine = policy(ReclaimOptions.defaults()); ReclaimPolicy manual = new ManualReclaimPolicy()) {
      assertThrows(IllegalArgumentException.class, () -> engine.retire(new Trace(), -1));
      assertThrows(IllegalArgumentException.class, () -> manual.retire(new Trace(), -1));
      manual.retire(new Trace(), 1);
    }
  }
}
