package io.flatview.examples.cli.dump;

import java.util.List;
import java.util.stream.Collectors;

/** A dump cannot be used. Carries every problem that was found. */
public sealed class DumpException extends RuntimeException permits UnreadableException {

  private static final long serialVersionUID = 1L;

  private final transient List<ParseProblem> problems;

  /**
   * Reports problems.
   *
   * @param problems at least one
   */
  public DumpException(List<ParseProblem> problems) {
    super(problems.stream().map(ParseProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /**
   * The problems.
   *
   * @return at least one problem, in the order of the file
   */
  public List<ParseProblem> problems() {
    return problems;
  }
}
