package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.List;

/**
 * The duel of {@link AgeingTorture} in a JVM of its own, without checked mode. There each pointer that is followed is
 * looked up, and the look waits for the store buffer: a missing fence, which shows within a second here, then takes
 * minutes to show, or does not show at all.
 */
public final class DuelProgram {

  /** The begin of what the program writes if no reader was left unprotected, and something was checked. */
  static final String SURVIVED = "survived: ";

  private static final String LOST = "lost: ";
  private static final String IDLE = "idle: ";

  private DuelProgram() {}

  /**
   * Runs a duel in a JVM of its own.
   *
   * @param rules makes the policy; a class with a constructor without parameters
   * @param limit for how long at most
   * @return what was seen, after a word for the outcome
   */
  public static String fight(Class<? extends ContractRules> rules, Duration limit) {
    List<String> lines = ChildJvm.linesOf(
        DuelProgram.class, rules, List.of(), rules.getName(), Long.toString(limit.toMillis())).toList();
    return String.join("\n", lines);
  }

  /**
   * Whether a duel found a reader that was not protected.
   *
   * @param outcome what {@link #fight} returned
   * @return true if so
   */
  public static boolean isLost(String outcome) {
    return outcome.startsWith(LOST);
  }

  /**
   * Fights.
   *
   * @param args the class of the rules, and for how many milliseconds
   * @throws ReflectiveOperationException if the class is not such a class
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    var constructor = Class.forName(args[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    try (ReclaimPolicy policy = ((ContractRules) constructor.newInstance()).newPolicy()) {
      TortureReport report = AgeingTorture.duel(policy).run(Duration.ofMillis(Long.parseLong(args[1])));
      System.out.println(outcome(report) + report);
    }
  }

  private static String outcome(TortureReport report) {
    if (report.violations() > 0) {
      return LOST;
    }
    return report.hasChecked() ? SURVIVED : IDLE;
  }
}
