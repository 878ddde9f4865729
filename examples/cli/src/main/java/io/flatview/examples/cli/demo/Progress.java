package io.flatview.examples.cli.demo;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/** Tells how a demo goes on: on a terminal in one line that is written over, elsewhere in a line every second. */
final class Progress {

  private static final String CLEAR = "\r" + " ".repeat(79) + "\r";
  private static final long TERMINAL_PERIOD = 250;
  private static final long LINE_PERIOD = 1000;

  private final PrintWriter out;
  private final boolean terminal;
  private Moment last;

  Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  static Progress to(PrintWriter out) {
    return new Progress(out, System.console() != null && System.console().isTerminal());
  }

  static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()), false);
  }

  long periodMillis() {
    return terminal ? TERMINAL_PERIOD : LINE_PERIOD;
  }

  void show(Moment now) {
    out.print(terminal ? "\r" + line(now) : line(now) + System.lineSeparator());
    out.flush();
    last = now;
  }

  void finish() {
    out.print(terminal ? CLEAR : System.lineSeparator());
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
