package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** No reader ever holds what a grace period has passed over. */
public interface TortureRules extends ContractRules {

  /** How long a torture lasts. */
  Duration TORTURE = Duration.ofMillis(1_200);

  /** How long a duel lasts: a missing fence shows within half a second of processors that are not busy otherwise. */
  Duration DUEL = Duration.ofSeconds(3);

  /** Forbidden: the reader's mark is still in its store buffer, unseen by the scan, while it loads the old pointer. */
  @Test
  default void noMarkOfAReaderIsOvertakenByItsLoads() {
    String outcome = DuelProgram.fight(getClass(), DUEL);
    assertTrue(outcome.startsWith(DuelProgram.SURVIVED), outcome);
  }

  @Test
  default void noReaderOnAPlatformThreadHoldsAnythingOfAgeTwo() {
    assertSurvives(AgeingTorture.onPlatformThreads(policy()).run(TORTURE));
  }

  @Test
  default void noReaderOnAVirtualThreadHoldsAnythingOfAgeTwo() {
    assertSurvives(AgeingTorture.onVirtualThreads(policy()).run(TORTURE));
  }

  private static void assertSurvives(TortureReport report) {
    assertEquals(0, report.violations(), report::toString);
    assertTrue(report.hasChecked(), report::toString);
  }
}
