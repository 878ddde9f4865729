package io.flatview.dispatch.sparse;

/** Collects what listeners throw: the first, with the others suppressed. */
final class Failure {

  private Failure() {}

  /** The earlier failure, to which a later one is added; each may be null. */
  static Throwable join(Throwable earlier, Throwable later) {
    if (earlier == null || later == null || earlier == later) {
      return earlier == null ? later : earlier;
    }
    try {
      earlier.addSuppressed(later);
    } catch (OutOfMemoryError | StackOverflowError _) {
      // The heap is exhausted: only the first failure is reported.
    }
    return earlier;
  }

  /** Throws a failure, also a checked one; does nothing for null. */
  static void rethrow(Throwable failure) {
    if (failure != null) {
      throw Failure.<RuntimeException>as(failure);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable failure) throws E {
    throw (E) failure;
  }
}
