package io.flatview.rcu.qsbr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Puppet;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A reader is online, and holds up grace periods, or it is offline, wherever the stack ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OnlineOverflowTest {

  private static final int TIMES = 10;
  private static final long SMALL_STACK = 192 << 10;
  private static final Duration MOMENT = Duration.ofMillis(10);

  private int overflows;
  private boolean passed;

  @RepeatedTest(TIMES)
  void aReaderThatFoundNoStackToComeOnlineIsNotUnprotected() throws InterruptedException {
    try (ReclaimPolicy policy = new QsbrPolicyProvider().create()) {
      Thread thread = new Thread(null, () -> comeOnline(policy), "overflowing", SMALL_STACK);
      thread.start();
      thread.join();
    }
    assertTrue(overflows > 0);
    assertFalse(passed, overflows + " overflows");
  }

  @RepeatedTest(TIMES)
  void aReaderThatFoundNoStackToCloseCanBeClosedAgain() throws InterruptedException {
    try (ReclaimPolicy policy = new QsbrPolicyProvider().create()) {
      Thread thread = new Thread(null, () -> {
        Reader reader = policy.register("deep");
        isDone(reader::close);
        reader.close();
      }, "overflowing", SMALL_STACK);
      thread.start();
      thread.join();
      assertTrue(overflows > 0);
      policy.synchronize();
      assertEquals(0, policy.statistics().readers(), overflows + " overflows");
    }
  }

  private static boolean isOverSoon(ReclaimPolicy policy) {
    try (Puppet other = Puppet.platform()) {
      return other.ask(() -> policy.startGracePeriod().await(MOMENT));
    }
  }

  private void comeOnline(ReclaimPolicy policy) {
    try (Reader reader = policy.register("deep")) {
      reader.offline();
      isDone(reader::online);
      try (ReadSection _ = reader.enter()) {
        passed = isOverSoon(policy);
      }
    }
  }

  /** Goes to the end of the stack, and back until the step passes. */
  private boolean isDone(Runnable step) {
    boolean done = false;
    try {
      done = isDone(step);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      if (!done) {
        step.run();
      }
      return true;
    } catch (StackOverflowError e) {
      overflows++;
      return false;
    }
  }
}
