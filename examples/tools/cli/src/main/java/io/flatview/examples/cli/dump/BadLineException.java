package io.flatview.examples.cli.dump;

/** A line, or something that a line describes, is wrong; caught by whoever knows the number of the line. */
public final class BadLineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Tells the cause.
   *
   * @param message for a person
   */
  public BadLineException(String message) {
    super(message, null, false, false);
  }
}
