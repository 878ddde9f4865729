package io.flatview.examples.vhost.wire;

import java.io.IOException;

/** The other side did what the protocol does not allow, or asked for what cannot be; nothing has changed. */
public final class ProtocolException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * A mistake.
   *
   * @param message the message, which names the fault
   */
  public ProtocolException(String message) {
    super(message);
  }

  /**
   * A wish that cannot be granted.
   *
   * @param message the message, which names the fault
   * @param cause the failure behind it
   */
  public ProtocolException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }

  /**
   * The exception for a request that could not be granted.
   *
   * @param message the message, which names the fault
   * @param cause the failure behind it
   * @return the cause itself if it is a mistake of the other side already
   */
  public static ProtocolException of(String message, IOException cause) {
    return cause instanceof ProtocolException mistake ? mistake : new ProtocolException(message, cause);
  }
}
