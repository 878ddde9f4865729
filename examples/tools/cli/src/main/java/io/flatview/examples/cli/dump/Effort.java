package io.flatview.examples.cli.dump;

/**
 * How much may be looked at for one map. Aliases of aliases can show a few regions millions of times; the framework
 * bounds that by a system property, which is the process's own here.
 */
public final class Effort {

  /** The advice for a map that needs more. */
  public static final String CURE = "--limit N raises the limit";

  /** Many times what any machine's map has needed. */
  public static final int DEFAULT = 200_000;

  private static final String PROPERTY = "flatview.view.limit";

  private Effort() {}

  /**
   * Sets the limit for all maps from here on.
   *
   * @param regions how many a view may show by way of aliases
   */
  public static void limit(int regions) {
    System.setProperty(PROPERTY, Integer.toString(regions));
  }

  /**
   * The limit.
   *
   * @return how many regions a view may show by way of aliases
   */
  public static int limit() {
    return Integer.getInteger(PROPERTY, DEFAULT);
  }
}
