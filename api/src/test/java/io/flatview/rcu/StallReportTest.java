package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallReportTest {

  private static String headline(int readers) {
    StallReport.Holdout holdout = new StallReport.Holdout("vcpu0", false, "main#1", true, true, List.of(), List.of());
    return new StallReport("epoch", StallReport.Cause.STALLED, 7, Duration.ofSeconds(2), 3,
        Collections.nCopies(readers, holdout)).describe().lines().findFirst().orElseThrow();
  }

  @Test
  void theHeadlineCountsTheReadersThatAreThere() {
    assertEquals("grace period 7 of policy epoch has been held up for 2000 ms by 2 readers; backlog 3", headline(2));
    assertEquals("grace period 7 of policy epoch has been held up for 2000 ms by 1 reader; backlog 3", headline(1));
  }

  /** The last one may leave between the look at the clock and the look at the readers. */
  @Test
  void whoHasLeftIsNotCounted() {
    assertEquals(
        "grace period 7 of policy epoch has been held up for 2000 ms by readers that have left since; backlog 3",
        headline(0));
  }
}
