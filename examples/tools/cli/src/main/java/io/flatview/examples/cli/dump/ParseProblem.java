package io.flatview.examples.cli.dump;

import io.flatview.memory.PrintableText;
import java.util.Comparator;

/**
 * One thing that is wrong with a dump.
 *
 * @param file the name of the file
 * @param line which line, from 1; 0 if the problem is with the file as a whole
 * @param message the cause, for a person
 * @param excerpt the line itself, as far as it is worth showing, or nothing
 */
public record ParseProblem(String file, int line, String message, String excerpt) {

  private static final int LONGEST_EXCERPT = 160;


  /**
   * Makes the texts safe for terminals.
   *
   * @throws NullPointerException if one is null
   */
  public ParseProblem {
    file = PrintableText.of(file);
    message = PrintableText.of(message);
    excerpt = PrintableText.of(
        excerpt.length() <= LONGEST_EXCERPT ? excerpt : excerpt.substring(0, LONGEST_EXCERPT) + "...");
  }

  /**
   * A problem without the line.
   *
   * @param file the name of the file
   * @param line which line, from 1; 0 if the problem is with the file as a whole
   * @param message the cause, for a person
   */
  public ParseProblem(String file, int line, String message) {
    this(file, line, message, "");
  }

  /**
   * The problem with its line.
   *
   * @param text the line
   * @return a copy
   */
  public ParseProblem showing(String text) {
    return new ParseProblem(file, line, message, text);
  }

  /** In the order of a file; a problem of the file as a whole comes first. */
  public static final Comparator<ParseProblem> BY_LINE = Comparator.comparingInt(ParseProblem::line);

  /** As compilers print it: {@code file:line: message}, and below it the line. */
  @Override
  public String toString() {
    return place() + ": " + message + (excerpt.isEmpty() ? "" : "\n    | " + excerpt);
  }

  /**
   * As compilers print it, with its weight.
   *
   * @param weight such as {@code note}
   * @return {@code file:line: weight: message}
   */
  public String as(String weight) {
    return place() + ": " + weight + ": " + message;
  }

  private String place() {
    return line == 0 ? file : file + ":" + line;
  }
}
