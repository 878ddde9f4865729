package io.flatview.examples.cli.demo;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

  private static final double KILO = 1e3;
  private static final double MEGA = 1e6;
  private static final double KIB = 1024.0;
  private static final double MIB = KIB * KIB;

  private Figures() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String perSecond(double rate) {
    if (rate >= MEGA) {
      return String.format(Locale.ROOT, "%.1f M/s", rate / MEGA);
    }
    return rate >= KILO
        ? String.format(Locale.ROOT, "%.1f k/s", rate / KILO)
        : String.format(Locale.ROOT, "%.0f /s", rate);
  }

  static String bytes(long bytes) {
    return bytes < MIB
        ? String.format(Locale.ROOT, "%,.0f KiB", bytes / KIB)
        : String.format(Locale.ROOT, "%,.1f MiB", bytes / MIB);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
