package io.flatview.examples.ownbackend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.AgeingTorture;
import io.flatview.rcu.contract.TortureOptions;
import io.flatview.rcu.contract.TortureReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The torture with everything at once, and with the planted mistake that it must notice. */
class SequenceTortureTest {

  @Test
  void noReaderHoldsAnythingOfAgeTwo() {
    TortureReport report = torture(TortureOptions.platformThreads()
        .nesting(3).stalls(Duration.ofMillis(2)).fakeUpdaters(1).interrupts().deaths(), Duration.ofSeconds(2));
    assertTrue(report.violations() == 0 && report.hasChecked() && report.deaths() > 0, report::toString);
  }

  @Test
  void aReaderThatLeavesItsSectionTooEarlyIsCaught() {
    TortureReport report = torture(TortureOptions.virtualThreads().leaks(), Duration.ofMinutes(2));
    assertTrue(report.violations() > 0, report::toString);
  }

  private static TortureReport torture(TortureOptions options, Duration limit) {
    try (ReclaimPolicy policy = ReclaimPolicies.discover()) {
      return AgeingTorture.of(policy, options).run(limit);
    }
  }
}
