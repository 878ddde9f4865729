package io.flatview.rcu.spi;

/**
 * The checked mode: {@code -Dflatview.checked=true} at start. Off, a check is a branch on a constant, which the
 * compiler removes.
 */
public final class Checked {

  /** The system property. */
  public static final String PROPERTY = "flatview.checked";

  /** Whether to check what a correct program never gets wrong. */
  public static final boolean ON = Boolean.getBoolean(PROPERTY) || isStacks();

  /**
   * Whether to remember where each section was entered: {@code -Dflatview.checked=stacks}, which implies {@link #ON}.
   * It costs a stack walk and an allocation per outermost section, and the walk drains the store buffer, so that a
   * missing fence no longer shows: not for torture.
   */
  public static final boolean STACKS = isStacks();

  private Checked() {}

  private static boolean isStacks() {
    return "stacks".equals(System.getProperty(PROPERTY));
  }
}
