package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReclaimOptionsTest {

  private static final ReclaimOptions DEFAULTS = ReclaimOptions.defaults();

  @Test
  void changingACopyLeavesTheDefaultsAlone() {
    ReclaimOptions changed = DEFAULTS.withBacklog(7, BacklogPolicy.REJECT).withStallThreshold(Duration.ofMillis(3))
        .withCloseDeadline(Duration.ZERO).withStallListener(report -> {});
    assertEquals(7, changed.backlogLimit());
    assertEquals(BacklogPolicy.REJECT, changed.backlogPolicy());
    assertEquals(Duration.ofMillis(3), changed.stallThreshold());
    assertEquals(Duration.ZERO, changed.closeDeadline());
    assertNotEquals(changed, ReclaimOptions.defaults());
    assertEquals(BacklogPolicy.REPORT, ReclaimOptions.defaults().backlogPolicy());
  }

  @Test
  void memoryIsBoundedByDefaultAndItsWriterWaits() {
    MemoryLimit limit = DEFAULTS.memoryLimit();
    assertEquals(16_384, limit.blocks());
    assertEquals(Runtime.getRuntime().maxMemory(), limit.bytes());
    assertEquals(BacklogPolicy.THROTTLE, limit.policy());
    assertEquals(7, DEFAULTS.withMemoryLimit(new MemoryLimit(7, 9, BacklogPolicy.REJECT)).memoryLimit().blocks());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withBacklog(0, BacklogPolicy.REPORT));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withStallThreshold(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withCloseDeadline(Duration.ofMillis(-1)));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withBacklog(1, null));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withMemoryLimit(null));
    assertThrows(NullPointerException.class, () -> new MemoryLimit(1, 1, null));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(0, 1, BacklogPolicy.REPORT));
    assertThrows(IllegalArgumentException.class, () -> new MemoryLimit(1, 0, BacklogPolicy.REPORT));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withStallListener(null));
  }
}
