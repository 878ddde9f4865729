package io.flatview.examples.virt64.storm;

import java.util.List;

/**
 * The changes that a storm makes.
 *
 * @param perSecond how many commits a second at most, 0 for as many as can be
 * @param kinds of changes, made by turns; at least one
 */
public record StormPlan(long perSecond, List<Kind> kinds) {

  /** The kinds of changes. */
  public enum Kind {
    /** An alias of DRAM is shown, and hidden again. */
    ALIAS,
    /** A device moves. */
    DEVICE,
    /** Writes to all of DRAM are logged, and no longer. */
    LOG,
    /** Pages that devices use are led over another part of the map. */
    REMAP
  }

  /** Copies the kinds. */
  public StormPlan {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty() || perSecond < 0) {
      throw new IllegalArgumentException("a storm of " + perSecond + " commits a second, of kinds " + kinds);
    }
  }

  /**
   * Changes of all kinds.
   *
   * @param perSecond how many a second at most, 0 for as many as can be
   * @return a plan
   */
  public static StormPlan all(long perSecond) {
    return new StormPlan(perSecond, List.of(Kind.values()));
  }
}
