package io.flatview.examples.virt64.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {

  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Forbidden: the process is stopped for longer than that, and a thread that had no time is taken for stuck. */
  @Test
  void aHostThatIsHeldUpForLongerThanThePatienceCostsOneStep() throws InterruptedException {
    int[] looks = {0};
    assertTrue(Ticks.of(PATIENCE).await(_ -> {
      Thread.sleep(PATIENCE.multipliedBy(2));
      return ++looks[0] == 3;
    }));
  }

  @Test
  void whatNeverComesIsGivenUp() throws InterruptedException {
    List<Duration> waits = new ArrayList<>();
    Ticks ticks = Ticks.of(PATIENCE);
    assertFalse(ticks.await(longest -> !waits.add(longest)));
    assertEquals(PATIENCE, waits.stream().reduce(Duration.ZERO, Duration::plus));
    waits.clear();
    assertFalse(ticks.await(longest -> !waits.add(longest)));
    assertEquals(List.of(Duration.ZERO), waits, "one look without patience");
  }

  @Test
  void anEndedThreadNeedsNoPatience() throws InterruptedException {
    Thread ended = Thread.ofPlatform().start(() -> {});
    ended.join();
    assertTrue(Ticks.of(Duration.ZERO).join(ended));
    assertFalse(Ticks.of(Duration.ZERO).join(Thread.currentThread()));
  }
}
