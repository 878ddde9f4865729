package io.flatview.examples.bench.table;

/**
 * Somebody else's figure in the unit of the line, taken on an idle machine with two virtual CPUs; for scale only.
 *
 * @param figure the figure as text
 * @param source whose
 */
public record Anchor(String figure, String source) {

  /** Nobody's. */
  public static final Anchor NONE = new Anchor("", "");

  /** The figure as a number; NaN if it is none. */
  double number() {
    return figure.matches("[0-9.]+") ? Double.parseDouble(figure) : Double.NaN;
  }

  String text() {
    return (figure + " " + source).strip();
  }
}
