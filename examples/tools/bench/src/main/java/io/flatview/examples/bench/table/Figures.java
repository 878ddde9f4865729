package io.flatview.examples.bench.table;

import java.util.Locale;

/** Numbers as text. */
final class Figures {

  private static final double HUNDRED = 100;
  private static final double TEN = 10;

  private Figures() {}

  /** Three significant digits, or as many as there are before the point. */
  static String significant(double figure) {
    if (Double.isNaN(figure)) {
      return "";
    }
    return String.format(Locale.ROOT, figure >= HUNDRED ? "%.0f" : figure >= TEN ? "%.1f" : "%.2f", figure);
  }

  /** One digit behind the point. */
  static String ratio(double figure) {
    return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, figure >= HUNDRED ? "%.0f" : "%.1f", figure);
  }

  /** Two significant digits: a peer's figure may be a hundred times another. */
  static String toPeer(double figure) {
    return Double.isNaN(figure) ? ""
        : String.format(Locale.ROOT, figure >= TEN ? "%.0f" : figure >= 1 ? "%.1f" : "%.2g", figure);
  }

  /** Whole bytes; less than a tenth of one is the noise of the measurement. */
  static String bytes(double figure) {
    return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, "%.0f", figure);
  }
}
