package io.flatview.dispatch.topology;

/** Throws what may be checked: listeners written in other languages throw such exceptions without declaring them. */
public final class Sneaky {

  private Sneaky() {}

  /**
   * Throws what was thrown.
   *
   * @param thrown any
   * @return never; for the compiler, to be thrown
   */
  public static RuntimeException rethrow(Throwable thrown) {
    return Sneaky.<RuntimeException>as(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
