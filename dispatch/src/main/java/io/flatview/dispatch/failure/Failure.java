package io.flatview.dispatch.topology;

/** Throws checked exceptions without declaring them: listeners written in other languages throw such exceptions. */
public final class Sneaky {

  private Sneaky() {}

  /**
   * Throws an exception unchanged.
   *
   * @param thrown the exception, of any class
   * @return never; declared so that callers can write {@code throw}
   */
  public static RuntimeException rethrow(Throwable thrown) {
    return Sneaky.<RuntimeException>as(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
