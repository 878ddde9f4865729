package io.flatview.rcu;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A grace period takes too long: who holds it up, and what that costs.
 *
 * @param policy the name of the policy
 * @param gracePeriod the number of the grace period, counted from 1
 * @param age for how long it has been held up
 * @param backlog how many retired actions wait
 * @param holdouts the readers that it waits for, sixteen of them at most, as far as the flavour can tell; empty if the
 *     last has just left
 */
public record StallReport(
    String policy, long gracePeriod, Duration age, long backlog, List<Holdout> holdouts) {

  /**
   * A reader that holds up a grace period: it has been inside its section, or has announced nothing, for longer than
   * the age of the report.
   *
   * @param reader its name
   * @param implicit whether it is the thread's implicit reader
   * @param thread name and number of the thread that registered it
   * @param alive whether that thread is alive
   * @param stack what that thread is doing, innermost call first; empty for one that does not run
   */
  public record Holdout(
      String reader, boolean implicit, String thread, boolean alive, List<StackTraceElement> stack) {

    /** Copies the stack. */
    public Holdout {
      stack = List.copyOf(stack);
    }

    private String describe() {
      return stack.stream()
          .map(frame -> System.lineSeparator() + "\tat " + frame)
          .collect(Collectors.joining(
              "", System.lineSeparator() + "reader '" + reader + "' of " + (alive ? "" : "ended ") + "thread " + thread,
              ""));
    }
  }

  /** Copies the list. */
  public StallReport {
    holdouts = List.copyOf(holdouts);
  }

  /**
   * The report as text, with stack traces.
   *
   * @return one line, and more for each reader
   */
  public String describe() {
    return holdouts.stream()
        .map(Holdout::describe)
        .collect(Collectors.joining(
            "",
            "grace period " + gracePeriod + " of policy " + policy + " has been held up for " + age.toMillis()
                + " ms by " + holdouts.size() + " reader(s); backlog " + backlog,
            ""));
  }
}
