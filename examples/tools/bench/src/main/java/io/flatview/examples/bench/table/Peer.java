package io.flatview.examples.bench.table;

/**
 * Another library's or program's figure in the unit of the line, taken on an idle machine with two virtual CPUs; for
 * scale only.
 *
 * @param figure the figure as text
 * @param source the library or program
 */
public record Peer(String figure, String source) {

  /** There is none. */
  public static final Peer NONE = new Peer("", "");

  /** The figure as a number; NaN if it is none. */
  double number() {
    return figure.matches("[0-9.]+") ? Double.parseDouble(figure) : Double.NaN;
  }

  String text() {
    return (figure + " " + source).strip();
  }
}
