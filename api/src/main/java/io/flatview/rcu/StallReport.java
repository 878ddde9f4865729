package io.flatview.rcu;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A report that readers hold up a grace period for too long, or that a reader was left behind, with its thread or
 * handle gone.
 *
 * @param policy the name of the policy
 * @param cause the kind of fault
 * @param gracePeriod the number of the grace period that is held up, counted from 1; 0 if no particular one is
 * @param age the time for which that grace period has been held up; zero if there is none
 * @param backlog how many retired actions wait
 * @param holdouts the readers that the grace period waits for, as far as the flavour can tell, sixteen at most; or the
 *     reader that was left behind; empty if the last has just left
 */
public record StallReport(
    String policy, Cause cause, long gracePeriod, Duration age, long backlog, List<Holdout> holdouts) {

  /** The kinds of faults. */
  public enum Cause {
    /**
     * A grace period takes longer than the threshold, as readers are inside a section, or announce no quiescent state.
     * Reported repeatedly.
     */
    STALLED,
    /**
     * A thread ended with a reader online, or inside a section. Outside, the reader holds up nothing, and the next
     * thread that uses it takes it over. Inside, it holds up every grace period until its section is left, since the
     * objects that the section protects may be in use elsewhere; {@link Reader#leaveAbandoned()} leaves it.
     */
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
   * @param reader the name of the reader
   * @param implicit whether it is the thread's implicit reader
   * @param thread name and number of the thread that used it last
   * @param alive whether that thread is alive
   * @param inside whether a section is open, as far as sections are counted
   * @param stack the present stack of that thread, innermost call first; empty if it has ended. For a reader that was
   *     left behind, the stack of its registration, in checked mode only
   * @param entered the stack at which the open section was entered, with {@link Checked#STACKS}; else empty
   */
  public record Holdout(
      String reader, boolean implicit, String thread, boolean alive, boolean inside, List<StackTraceElement> stack,
      List<StackTraceElement> entered) {

    /** Copies the stacks. */
    public Holdout {
      stack = List.copyOf(stack);
      entered = List.copyOf(entered);
    }

    private String describe() {
      return System.lineSeparator() + "reader '" + reader + "' of " + (alive ? "" : "ended ") + "thread " + thread
          + (inside ? ", inside a section" : ", outside any section") + describe(stack)
          + (entered.isEmpty() ? "" : System.lineSeparator() + "\tinside since it entered" + describe(entered));
    }

    private static String describe(List<StackTraceElement> stack) {
      return stack.stream()
          .map(frame -> System.lineSeparator() + "\tat " + frame)
          .collect(Collectors.joining());
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

  private boolean isInside() {
    return holdouts.stream().anyMatch(Holdout::inside);
  }

  private String headline() {
    return switch (cause) {
      case STALLED -> "grace period " + gracePeriod + " of policy " + policy + " has been held up for "
          + age.toMillis() + " ms " + by();
      case ABANDONED -> "a reader of policy " + policy + " was left behind by a thread that has ended; "
          + (isInside()
              ? "its section holds up every grace period until its leaveAbandoned() is called"
              : "another thread may take it over, or close it");
      case LEAKED -> "a reader of policy " + policy + " was dropped without being closed";
    };
  }
}
