package io.flatview.rcu;

/** There is not exactly one reclamation flavour to use; the message says what was found and how to choose. */
public final class ReclaimDiscoveryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failed search.
   *
   * @param message the flavours that were found, and how to choose
   */
  public ReclaimDiscoveryException(String message) {
    super(message);
  }
}
