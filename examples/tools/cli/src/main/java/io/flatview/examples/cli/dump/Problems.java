package io.flatview.examples.cli.dump;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one dump, so that they are reported together. */
public final class Problems {

  /** How many are kept; a file that is no dump at all would have one for each line. */
  public static final int LIMIT = 20;

  private final String file;
  private final List<ParseProblem> found = new ArrayList<>();
  private int left;

  /**
   * Starts with none.
   *
   * @param file the name for messages
   */
  public Problems(String file) {
    this.file = file;
  }

  /**
   * Adds a problem.
   *
   * @param line where, 0 for the file as a whole
   * @param message the cause
   */
  public void add(int line, String message) {
    if (found.size() < LIMIT) {
      found.add(new ParseProblem(file, line, message));
    } else {
      left++;
    }
  }

  /**
   * Runs a step that may find its line bad.
   *
   * @param line the number of the line
   * @param step the work
   */
  public void guard(int line, Runnable step) {
    try {
      step.run();
    } catch (BadLineException bad) {
      add(line, bad.getMessage());
    }
  }

  /**
   * Goes on only if there are none.
   *
   * @throws DumpException with all problems
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new DumpException(sorted());
    }
  }

  /**
   * Reports one problem at once.
   *
   * @param file the name for messages
   * @param line where, 0 for the file as a whole
   * @param message the cause
   * @return to be thrown
   */
  public static DumpException fatal(String file, int line, String message) {
    return new DumpException(List.of(new ParseProblem(file, line, message)));
  }

  /**
   * Reports a file that cannot be had.
   *
   * @param file the name of the file
   * @param message the cause
   * @return to be thrown
   */
  public static DumpException unreadable(String file, String message) {
    return new UnreadableException(new ParseProblem(file, 0, message));
  }

  private List<ParseProblem> sorted() {
    found.sort(ParseProblem.BY_LINE);
    List<ParseProblem> all = new ArrayList<>(found);
    if (left > 0) {
      all.add(new ParseProblem(file, 0, "and " + left + " more problems"));
    }
    return all;
  }
}
