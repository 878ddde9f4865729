package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.Size;

/**
 * What a region on the way from the root of an address space says about where the view starts. As long as all of them
 * say the same, the way leads to the same view root.
 *
 * @param enabled whether the way goes on
 * @param readOnly handed down
 * @param nonVolatile handed down
 * @param unmergeable handed down
 * @param noFetch handed down
 * @param size clips
 * @param address shifts, if the region is the root
 * @param next where the way goes on; the region itself where it ends
 */
public record PathStep(
    boolean enabled, boolean readOnly, boolean nonVolatile, boolean unmergeable, boolean noFetch, Size size,
    long address, RegionNode next) {

  /**
   * What a region says now.
   *
   * @param node the region
   * @return its step
   */
  public static PathStep of(RegionNode node) {
    return new PathStep(node.isEnabled(), node.isReadOnly(), node.isNonVolatile(), node.isUnmergeable(),
        node.isNoFetch(), node.size(), node.address(), ViewRoot.passThrough(node));
  }

  /**
   * Whether a region says what it said. Allocates nothing.
   *
   * @param node the region
   * @return true if it does
   */
  public boolean isStepOf(RegionNode node) {
    return enabled == node.isEnabled() && readOnly == node.isReadOnly() && nonVolatile == node.isNonVolatile()
        && unmergeable == node.isUnmergeable() && noFetch == node.isNoFetch()
        && address == node.address() && size.equals(node.size())
        && next == ViewRoot.passThrough(node);
  }
}
