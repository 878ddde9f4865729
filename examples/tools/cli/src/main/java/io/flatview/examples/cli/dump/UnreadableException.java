package io.flatview.examples.cli.dump;

import java.util.List;

/** A file that the command line names is not there, or cannot be read or written. */
public final class UnreadableException extends DumpException {

  private static final long serialVersionUID = 1L;

  UnreadableException(ParseProblem problem) {
    super(List.of(problem));
  }
}
