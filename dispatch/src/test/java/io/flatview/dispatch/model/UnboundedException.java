package io.flatview.dispatch.model;

/** The rules do not come to an end at some address. */
final class UnboundedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Whether it is certain that an alias leads back to itself; if not, the map is merely too large for this model. */
  final boolean certain;

  UnboundedException(boolean certain) {
    super(certain ? "an alias leads back to itself" : "too large to tell", null, false, false);
    this.certain = certain;
  }
}
