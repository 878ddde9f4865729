package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.dump.ParseProblem;
import io.flatview.examples.cli.dump.UnreadableException;
import java.util.ArrayList;
import java.util.List;

/** Shows the lines that are to blame, as they stand in the text. */
public final class Excerpts {

  private static final String CURE =
      "correct these lines or leave them out, or capture the map anew; 'flatview mtree --help' tells how";

  private Excerpts() {}

  /**
   * Adds to each problem its line, and at the end what can be done.
   *
   * @param source the name of the text
   * @param bytes the text
   * @param failure the problems
   * @return the same with lines, if one of them names a line
   */
  public static DumpException in(String source, byte[] bytes, DumpException failure) {
    boolean named = failure.problems().stream().anyMatch(problem -> problem.line() > 0 && problem.excerpt().isEmpty());
    if (failure instanceof UnreadableException || !named) {
      return failure;
    }
    List<Line> lines = Capture.lines(source, bytes, new Notes());
    List<ParseProblem> shown = new ArrayList<>();
    failure.problems().forEach(problem -> shown.add(show(problem, lines)));
    shown.add(new ParseProblem(source, 0, CURE));
    return new DumpException(shown);
  }

  private static ParseProblem show(ParseProblem problem, List<Line> lines) {
    return problem.line() < 1 || problem.line() > lines.size() ? problem
        : problem.showing(lines.get(problem.line() - 1).text().strip());
  }
}
