package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory that cannot be retired for want of stack takes no room from the limit, also where the writer would pause. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryOverflowTest {

  private static final int OVERFLOWS = 10;
  private static final long SMALL_STACK = 192 << 10;

  @Test
  void anOverflowLeavesNoRoomTaken() throws InterruptedException {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      for (int i = 0; i < 30; i++) {
        policy.retire(new Trace(), 1);
      }
      for (int i = 0; i < OVERFLOWS; i++) {
        overflow(policy);
      }
      assertEquals(policy.statistics().backlog(), policy.statistics().waitingBlocks());
      reader.leave();
      policy.barrier();
      Await.until("all room is given back", () -> policy.statistics().waitingBlocks() == 0);
      assertEquals(0, policy.statistics().waitingBytes());
    }
  }

  private static void overflow(ReclaimPolicy policy) throws InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    Thread thread = new Thread(null, () -> retireOnTheWayBack(policy, refused), "overflowing", SMALL_STACK);
    thread.start();
    thread.join();
    assertTrue(refused.get() > 0);
  }

  /** Goes to the end of the stack, and back until something can be retired. */
  private static boolean retireOnTheWayBack(ReclaimPolicy policy, AtomicInteger refused) {
    boolean done = false;
    try {
      done = retireOnTheWayBack(policy, refused);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      if (!done) {
        policy.retire(new Trace(), 1);
      }
      return true;
    } catch (StackOverflowError e) {
      refused.incrementAndGet();
      return false;
    }
  }
}
