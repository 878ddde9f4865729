package io.flatview.rcu;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something is wrong with readers: a grace period takes too long, or a reader was left behind. Says who it is, and what
 * that costs.
 *
 * @param policy the name of the policy
 * @param cause what is wrong
 * @param gracePeriod the number of the grace period that is held up, counted from 1; 0 if no particular one is
 * @param age for how long it has been held up; zero if no particular one is
 * @param backlog how many retired actions wait
 * @param holdouts the readers that it waits for, or the one that was left behind; sixteen of them at most, as far as
 *     the flavour can tell; empty if the last has just left
 */
public record StallReport(
    String policy, Cause cause, long gracePeriod, Duration age, long backlog, List<Holdout> holdouts) {

  /** What is wrong. */
  public enum Cause {
    /** A grace period takes longer than the threshold, as readers are inside, or announce nothing. Comes again. */
    STALLED,
    /** A thread ended with a reader unclosed, or inside a section; the reader was released. */
    ABANDONED,
    /**
     * A reader was collected as garbage, unclosed, while its thread lives; noticed in {@linkplain Checked checked mode}
     * only. It was released, unless it is inside a section: then it holds up every grace period from here on.
     */
    LEAKED
  }

  /**
   * A reader. If it is {@link Cause#STALLED}, it has been inside its section, or has announced nothing, for longer than
   * the age of the report.
   *
   * @param reader its name
   * @param implicit whether it is the thread's implicit reader
   * @param thread name and number of the thread that registered it
   * @param alive whether that thread is alive
   * @param stack what that thread is doing, innermost call first; empty for one that does not run. Of a reader that was
   *     left behind, where it was registered, in checked mode; else empty
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
            headline() + "; backlog " + backlog,
            ""));
  }

  private String by() {
    return holdouts.isEmpty()
        ? "by readers that have left since"
        : "by " + holdouts.size() + (holdouts.size() == 1 ? " reader" : " readers");
  }

  private String headline() {
    return switch (cause) {
      case STALLED -> "grace period " + gracePeriod + " of policy " + policy + " has been held up for "
          + age.toMillis() + " ms " + by();
      case ABANDONED -> "a reader of policy " + policy + " was left behind by a thread that has ended; it is released";
      case LEAKED -> "a reader of policy " + policy + " was dropped without being closed";
    };
  }
}
