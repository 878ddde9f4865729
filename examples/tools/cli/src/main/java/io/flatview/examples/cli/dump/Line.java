package io.flatview.examples.cli.dump;

/**
 * A line of a dump.
 *
 * @param number where it stands in the file, from 1; of a line that was put together, where it starts
 * @param text the line without its end
 */
public record Line(int number, String text) {

  /**
   * The same place with another text.
   *
   * @param other the text
   * @return a copy
   */
  public Line with(String other) {
    return other.equals(text) ? this : new Line(number, other);
  }

  /**
   * Whether nothing but white space is in it.
   *
   * @return true if so
   */
  public boolean isBlank() {
    return text.isBlank();
  }
}
