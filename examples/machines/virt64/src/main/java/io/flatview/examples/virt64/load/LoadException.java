package io.flatview.examples.virt64.load;

/** A program cannot be loaded; the message says which and why. */
public final class LoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message which program, and why
   */
  public LoadException(String message) {
    super(message);
  }
}
