package io.flatview.examples.virt64.storm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.time.Ticks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StormCostTest {

  private static final Duration LESS_THAN_TO_WARM_UP = Duration.ofSeconds(4);

  @Test
  void aMeasurementThatIsStoppedWhileCodeWarmsUpEndsThen() throws InterruptedException {
    StormCost cost = new StormCost(null, () -> 0);
    Thread thread = Thread.ofPlatform().daemon().start(cost);
    cost.stop();
    assertTrue(Ticks.of(LESS_THAN_TO_WARM_UP).join(thread));
    assertFalse(cost.isKnown());
  }
}
