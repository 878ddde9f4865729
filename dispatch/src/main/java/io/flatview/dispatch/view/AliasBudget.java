package io.flatview.dispatch.view;

/** The number of regions that one rendering may still visit through aliases. For one thread. */
final class AliasBudget {

  /** The system property that sets another limit. */
  private static final String PROPERTY = "flatview.view.limit";

  /** The advice in messages about a view that is too large. */
  static final String CURE = "if that is meant, raise the limit with -D" + PROPERTY + "=N";

  private static final int DEFAULT = 1_000_000;

  /** The part of the limit that is granted without reading the property. */
  private static final int SMALL = 1_000;

  private int most = SMALL;
  private int spent;

  /** Counts one region, and returns whether the limit is exceeded. */
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
