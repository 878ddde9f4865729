package io.flatview.examples.cli.dump;

/**
 * Thrown if a line, or something that it describes, is wrong; the code that knows the number of the line catches it.
 */
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
