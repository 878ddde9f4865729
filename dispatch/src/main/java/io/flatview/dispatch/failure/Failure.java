package io.flatview.dispatch.failure;

/** What callbacks throw: the first failure of several, with the others suppressed, and thrown unchanged. */
public final class Failure {

  private Failure() {}

  /**
   * Adds a later failure to an earlier one. If the heap or the stack is exhausted, the later one is dropped.
   *
   * @param earlier the first failure, or null if there is none yet
   * @param later the next failure, or null
   * @return the first failure; null if both are
   */
  public static Throwable join(Throwable earlier, Throwable later) {
    if (earlier == null || later == null || earlier == later) {
      return earlier == null ? later : earlier;
    }
    try {
      earlier.addSuppressed(later);
    } catch (OutOfMemoryError | StackOverflowError _) {
      // Only the first failure is reported.
    }
    return earlier;
  }

  /**
   * Throws an exception unchanged.
   *
   * @param thrown the exception, of any class
   * @return never; declared so that callers can write {@code throw}
   */
  public static RuntimeException rethrow(Throwable thrown) {
    return Failure.<RuntimeException>as(thrown);
  }

  /**
   * Throws a failure unchanged, if there is one.
   *
   * @param failure the exception, of any class, or null
   */
  public static void rethrowAny(Throwable failure) {
    if (failure != null) {
      throw rethrow(failure);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
