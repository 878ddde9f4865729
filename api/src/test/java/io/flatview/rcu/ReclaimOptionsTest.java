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
  void whatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withBacklog(0, BacklogPolicy.REPORT));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withStallThreshold(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withCloseDeadline(Duration.ofMillis(-1)));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withBacklog(1, null));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withStallListener(null));
  }
}
