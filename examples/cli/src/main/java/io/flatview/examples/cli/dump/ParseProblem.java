package io.flatview.examples.cli.dump;

/**
 * One thing that is wrong with a dump.
 *
 * @param file which one
 * @param line which line, from 1; 0 if the problem is with the file as a whole
 * @param message the cause, for a person
 */
public record ParseProblem(String file, int line, String message) {

  /** As compilers print it: {@code file:line: message}. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
  }
}
