package io.flatview.examples.cli.demo.place;

/** A machine has no room for the demo; the message says what to do. */
public final class NoRoomException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports the lack of room.
   *
   * @param message where, and the cure
   */
  public NoRoomException(String message) {
    super(message);
  }
}
