package io.flatview.dispatch.view;

/** The number of regions that one rendering may still visit through aliases. For one thread. */
final class AliasBudget {

  /** The system property that sets another limit. */
  private static final String PROPERTY = "flatview.view.limit";

  /** The cure that messages name for a view that is too large. */
  static final String CURE = "if that is meant, raise the limit with -D" + PROPERTY + "=N";

  private static final int DEFAULT = 1_000_000;

  /** A view that needs no more does not read the property. */
  private static final int SMALL = 1_000;

  private int most = SMALL;
  private int spent;

  /** Counts one region, and returns whether it was one too many. */
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
