package io.flatview.rcu.epoch;

/** Says why there is no heavy fence here. */
final class FenceUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  FenceUnavailableException(String reason) {
    super(reason);
  }

  FenceUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
