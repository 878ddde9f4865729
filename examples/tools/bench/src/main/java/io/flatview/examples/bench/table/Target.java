package io.flatview.examples.bench.table;

import java.util.Locale;
import java.util.function.Predicate;

/**
 * What is asked of a line.
 *
 * @param text in short
 * @param test whether a line meets it
 */
public record Target(String text, Predicate<Row> test) {

  /** Nothing is asked. */
  public static final Target NONE = new Target("", _ -> true);

  /** Nothing is allocated. */
  public static final Target NO_BYTES = new Target("0 B", Row::allocatesNothing);

  private static final double DISPLAYED = 10;

  /** Never of a line that, or whose base, gave no result. */
  private static boolean isWithin(Row row, double limit) {
    return !Double.isNaN(row.ratio()) && Math.round(row.ratio() * DISPLAYED) <= Math.round(limit * DISPLAYED);
  }

  /**
   * At most so many times the base, as displayed, and nothing allocated.
   *
   * @param limit the ratio
   * @return the target
   */
  public static Target ratioAtMost(double limit) {
    return new Target(String.format(Locale.ROOT, "<=%.1fx", limit),
        row -> isWithin(row, limit) && row.allocatesNothing());
  }

  /**
   * At most this figure.
   *
   * @param limit in the unit of the line
   * @return the target
   */
  public static Target atMost(double limit) {
    return new Target("<=" + Figures.significant(limit), row -> row.figure() <= limit);
  }

  /**
   * At most this figure, and at most so many times the base, as displayed.
   *
   * @param limit in the unit of the line
   * @param ratio the ratio
   * @return the target
   */
  public static Target atMostAndRatio(double limit, double ratio) {
    return new Target(String.format(Locale.ROOT, "<=%s, %.0fx", Figures.significant(limit), ratio),
        row -> row.figure() <= limit && isWithin(row, ratio));
  }

  /**
   * At most so many times the base, as displayed, whatever is allocated.
   *
   * @param limit the ratio
   * @return the target
   */
  public static Target growthAtMost(double limit) {
    return new Target(String.format(Locale.ROOT, "<=%.0fx", limit),
        row -> isWithin(row, limit));
  }

  /**
   * At most this figure, and nothing allocated.
   *
   * @param limit in the unit of the line
   * @return the target
   */
  public static Target atMostWithoutBytes(double limit) {
    return new Target("<=" + Figures.significant(limit), row -> row.figure() <= limit && row.allocatesNothing());
  }

  /**
   * At most this figure, and at most so many bytes allocated.
   *
   * @param limit in the unit of the line
   * @param bytes how many
   * @return the target
   */
  public static Target atMostWithBytes(double limit, double bytes) {
    return new Target(
        String.format(Locale.ROOT, "<=%s, %s B", Figures.significant(limit), Figures.significant(bytes)),
        row -> row.figure() <= limit && row.bytes() <= bytes);
  }

  /**
   * Two threads do at least so much of the work of the one that the line is divided by, and nothing is allocated.
   *
   * @param times the work of one
   * @return the target
   */
  public static Target workAtLeast(double times) {
    return new Target(">=" + times + "x work", row -> 2 / row.ratio() >= times && row.allocatesNothing());
  }

  /**
   * At least this figure.
   *
   * @param limit in the unit of the line
   * @return the target
   */
  public static Target atLeast(double limit) {
    return new Target(">=" + Figures.significant(limit), row -> row.figure() >= limit);
  }
}
