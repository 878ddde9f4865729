package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that cannot be registered for want of stack is not there, however often registering has been practised. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegisteringOverflowTest {

  private static final int PRACTICE = 25_000;
  private static final int OVERFLOWS = 40;
  private static final long SMALL_STACK = 192 << 10;

  @Test
  void anOverflowLeavesNoReaderBehind() throws InterruptedException {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound())) {
      for (int i = 0; i < PRACTICE; i++) {
        policy.register("practice").close();
      }
      for (int i = 0; i < OVERFLOWS; i++) {
        overflow(policy, i);
        policy.synchronize();
      }
      policy.retire(() -> {});
      policy.barrier();
      assertEquals(0, policy.statistics().readers());
    }
  }

  private static void overflow(ReclaimPolicy policy, int shift) throws InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    Thread thread = new Thread(null, () -> shift(policy, refused, shift), "overflowing", SMALL_STACK);
    thread.start();
    thread.join();
    assertTrue(refused.get() > 0);
  }

  /** The stack ends somewhere else each time. */
  private static boolean shift(ReclaimPolicy policy, AtomicInteger refused, int frames) {
    return frames > 0 ? shift(policy, refused, frames - 1) : registerOnTheWayBack(policy, refused);
  }

  /** Goes to the end of the stack, and back until a reader can be registered. */
  private static boolean registerOnTheWayBack(ReclaimPolicy policy, AtomicInteger refused) {
    boolean done = false;
    try {
      done = registerOnTheWayBack(policy, refused);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      return done || register(policy);
    } catch (StackOverflowError e) {
      refused.incrementAndGet();
      return false;
    }
  }

  private static boolean register(ReclaimPolicy policy) {
    try (Reader reader = policy.register("deep")) {
      reader.enter().close();
    }
    return true;
  }
}
