package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that was dropped is noticed where the stack ends, and is released all the same, if only later. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DroppedOverflowTest {

  private static final long SMALL_STACK = 192 << 10;

  @Test
  void aDroppedReaderIsReleasedThoughTheStackEnded() throws InterruptedException {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound())) {
      reportOnce(policy);
      WeakReference<Reader> dropped = new WeakReference<>(policy.register("dropped"));
      Await.until("the handle was collected", () -> {
        System.gc();
        return dropped.refersTo(null);
      });
      Await.pause(100); // until it is in the queue of the registry, too
      Thread thread = new Thread(null, () -> onTheWayBack(policy), "overflowing", SMALL_STACK);
      thread.start();
      thread.join();
      Await.until("the reader was released", () -> policy.statistics().readers() == 0);
      assertEquals(0, policy.close(ClosingRules.LONG));
    }
  }

  /** Loads the classes of the log, whose initialization must not run out of stack. */
  private static void reportOnce(ReclaimPolicy policy) throws InterruptedException {
    Thread thread = new Thread(() -> policy.register("left behind"));
    thread.start();
    thread.join();
    policy.statistics();
  }

  /** Goes to the end of the stack, and takes statistics in each frame on the way back. */
  private static void onTheWayBack(ReclaimPolicy policy) {
    try {
      onTheWayBack(policy);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      policy.statistics();
    } catch (StackOverflowError e) {
      // the next frame has more stack
    }
  }
}
