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

  String text() {
    return (figure + " " + source).strip();
  }
}
