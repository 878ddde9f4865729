package io.flatview.examples.cli.top;

import java.util.List;
import java.util.Locale;

/** The lines of one moment. */
final class Panel {

  private Panel() {}

  /** The events of the last seconds. */
  static List<String> lines(Counts recent, double seconds) {
    return List.of(
        line("commits", rate(recent.commits, seconds), "generation " + recent.generation),
        line("ranges changed", rate(recent.ranges, seconds), each(recent.ranges, recent.commits) + " per commit"),
        line("commit time", micros(recent.commitNanos, recent.commits), ""),
        line("grace periods", rate(recent.gracePeriods, seconds),
            micros(recent.graceNanos, recent.gracePeriods) + " each"),
        line("actions reclaimed", rate(recent.reclaimed, seconds),
            each(recent.reclaimed, recent.gracePeriods) + " per grace period; " + recent.backlog + " wait"),
        line("errors recorded", rate(recent.accessErrors, seconds), recent.lastError),
        line("lock waits so far", Long.toString(recent.lockWaits), ""),
        line("stalls so far", Long.toString(recent.stalls),
            recent.stalls == 0 ? "" : "backlog " + recent.stalledBacklog + "; " + recent.lastStall));
  }

  private static String line(String name, String value, String more) {
    return "%-18s %14s  %s".formatted(name, value, more).stripTrailing();
  }

  private static String rate(long count, double seconds) {
    return String.format(Locale.ROOT, "%,.0f/s", count / seconds);
  }

  private static String each(long count, long of) {
    return of == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (double) count / of);
  }

  private static String micros(long nanos, long of) {
    return of == 0 ? "-" : String.format(Locale.ROOT, "%.1f us", nanos / 1e3 / of);
  }
}
