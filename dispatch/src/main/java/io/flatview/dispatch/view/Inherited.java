package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.BankedSections;
import io.flatview.memory.SectionAttributes;

/**
 * The flags that a region passes on to its children or its target.
 *
 * @param readOnly writes are refused
 * @param nonVolatile content is kept
 * @param unmergeable pieces stay separate
 * @param noFetch fetches are refused
 */
record Inherited(boolean readOnly, boolean nonVolatile, boolean unmergeable, boolean noFetch) {

  static final Inherited NOTHING = new Inherited(false, false, false, false);

  Inherited through(RegionNode node) {
    return new Inherited(
        readOnly || node.isReadOnly(), nonVolatile || node.isNonVolatile(), unmergeable || node.isUnmergeable(),
        noFetch || node.isNoFetch());
  }

  SectionAttributes attributesOf(RegionNode node) {
    boolean plain = !readOnly && !nonVolatile && !node.romdMode() && !unmergeable && !noFetch
        && node.dirtyLogMask() == 0;
    return plain
        ? SectionAttributes.NONE
        : new SectionAttributes(readOnly, nonVolatile, node.romdMode(), unmergeable, noFetch, node.dirtyLogMask());
  }

  /**
   * The attributes of a bank's section, which is never joined with a neighbour, since accesses are cut at its edges.
   * The sections of its variants have attributes of their own.
   */
  SectionAttributes attributesOf(BankedSections banked) {
    return new SectionAttributes(readOnly, nonVolatile, false, true, noFetch, 0, banked);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Inherited flags && bits() == flags.bits();
  }

  @Override
  public int hashCode() {
    return bits();
  }

  private int bits() {
    return (readOnly ? 1 : 0) | (nonVolatile ? 2 : 0) | (unmergeable ? 4 : 0) | (noFetch ? 8 : 0);
  }
}
