package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that cannot be registered for want of stack is not there, however often registering has been practised. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, () -> {
      try {
        shift(policy, shift);
      } catch (StackOverflowError e) {
        thrown.set(e);
      }
    }, "overflowing", SMALL_STACK);
    thread.start();
    thread.join();
    assertNotNull(thrown.get());
  }

  /** The overflow comes somewhere else each time. */
  private static void shift(ReclaimPolicy policy, int frames) {
    if (frames > 0) {
      shift(policy, frames - 1);
    } else {
      exhaust(policy, 0);
    }
  }

  /** Registers at the last levels only: a registration remembers its stack in checked mode. */
  private static void exhaust(ReclaimPolicy policy, int depth) {
    if (depth > 400) {
      try (Reader reader = policy.register("deep")) {
        reader.enter().close();
      }
    }
    exhaust(policy, depth + 1);
  }
}
