package io.flatview.dispatch.view;

/** How many regions one rendering may still look at by way of aliases. Not for several threads. */
final class AliasBudget {

  /** The system property that has another limit. */
  private static final String PROPERTY = "flatview.view.limit";

  /** What to do about a view that is too large. */
  static final String CURE = "if that is meant, raise the limit with -D" + PROPERTY + "=N";

  private static final int DEFAULT = 1_000_000;

  /** A view that needs no more does not look for the property. */
  private static final int SMALL = 1_000;

  private int most = SMALL;
  private int spent;

  /** Counts one; whether it was one too many. */
  boolean isSpent() {
    if (++spent > most && most == SMALL) {
      most = Math.max(Integer.getInteger(PROPERTY, DEFAULT), SMALL + 1);
    }
    return spent > most;
  }

  /** The limit. */
  int most() {
    return most;
  }
}
