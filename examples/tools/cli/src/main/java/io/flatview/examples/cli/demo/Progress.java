package io.flatview.examples.cli.demo;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/** Tells how a demo goes on: on a terminal in one line that is written over, elsewhere in a line every second. */
final class Progress {

  private static final int USUAL_WIDTH = 80;
  private static final long TERMINAL_PERIOD = 250;
  private static final long LINE_PERIOD = 1000;

  private final PrintWriter out;
  private final boolean terminal;
  private final int width;
  private Moment last;

  Progress(PrintWriter out, boolean terminal, int width) {
    this.out = out;
    this.terminal = terminal;
    this.width = Math.min(width, USUAL_WIDTH);
  }

  /** Goes to a terminal of a width if there is one. */
  static Progress to(PrintWriter out, int width) {
    return new Progress(out, System.console() != null && System.console().isTerminal(), width);
  }

  static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()), false, USUAL_WIDTH);
  }

  long periodMillis() {
    return terminal ? TERMINAL_PERIOD : LINE_PERIOD;
  }

  void show(Moment now) {
    print(line(now));
    out.flush();
    last = now;
  }

  /** Says how far a run is that has nothing else to tell. */
  void show(double seconds, double of) {
    print(String.format(Locale.ROOT, "%5.1f s of %.0f s", seconds, of));
    out.flush();
  }

  /** A line that is wider than a terminal would not be printed over. */
  private void print(String line) {
    out.print(terminal
        ? "\r" + line.substring(0, Math.min(line.length(), width - 1))
        : line + System.lineSeparator());
  }

  void finish() {
    out.print(terminal ? "\r" + " ".repeat(width - 1) + "\r" : System.lineSeparator());
    out.flush();
  }

  private String line(Moment now) {
    return String.format(Locale.ROOT, "%5.1f s %9s translations %9s commits %4d waiting  %d stale reads",
        now.seconds(), rate(now.translations(), last == null ? 0 : last.translations(), now),
        rate(now.commits(), last == null ? 0 : last.commits(), now), now.waiting(), now.staleReads());
  }

  private String rate(long now, long before, Moment moment) {
    return Figures.perSecond((now - before) / Math.max(1e-3, moment.seconds() - (last == null ? 0 : last.seconds())));
  }
}
