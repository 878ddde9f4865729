package io.flatview.examples.races;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.AgeingTorture;
import io.flatview.rcu.contract.EachFlavour;
import io.flatview.rcu.contract.TortureOptions;
import io.flatview.rcu.contract.TortureReport;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;

/** The torture of each flavour with everything at once, and with the planted mistake that it must notice. */
class TortureTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(1_200);

  @ParameterizedTest
  @EachFlavour
  void stallsNestingDeathsInterruptsAndFakeUpdatersDoNoHarm(String flavour) {
    TortureOptions all = TortureOptions.platformThreads()
        .nesting(3).stalls(Duration.ofMillis(2)).fakeUpdaters(1).interrupts().deaths();
    TortureReport report = run(flavour, all, SHORT);
    assertTrue(report.violations() == 0 && report.hasChecked() && report.deaths() > 0, report::toString);
  }

  /** For qsbr: a quiescent state inside what ought to be one section. */
  @ParameterizedTest
  @EachFlavour
  void aReaderThatAnnouncesAQuiescentStateAndGoesOnIsCaught(String flavour) {
    TortureReport report = run(flavour, TortureOptions.virtualThreads().leaks(), LONG);
    System.out.println("caught leaking reader of " + flavour + ": " + report);
    assertTrue(report.violations() > 0, report::toString);
  }

  private static TortureReport run(String flavour, TortureOptions options, Duration limit) {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour)) {
      return AgeingTorture.of(policy, options).run(limit);
    }
  }
}
