package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.Size;

/**
 * The properties that decide about the view root, of a region on the path from an address space's root to its view
 * root. As long as no step of the path changes, the view root stays the same.
 *
 * @param enabled whether the region is enabled; if not, nothing shows
 * @param readOnly whether writes are refused from here on
 * @param nonVolatile whether content is kept from here on
 * @param unmergeable whether pieces stay separate from here on
 * @param noFetch whether fetches are refused from here on
 * @param size the size, which clips the view
 * @param address the address, which shifts the view if the region is the root
 * @param next the next region of the path; the region itself at the end
 */
public record PathStep(
    boolean enabled, boolean readOnly, boolean nonVolatile, boolean unmergeable, boolean noFetch, Size size,
    long address, RegionNode next) {

  /**
   * The step of a region with its present properties.
   *
   * @param node the region
   * @return its properties
   */
  public static PathStep of(RegionNode node) {
    return new PathStep(node.isEnabled(), node.isReadOnly(), node.isNonVolatile(), node.isUnmergeable(),
        node.isNoFetch(), node.size(), node.address(), ViewRoot.passThrough(node));
  }

  /**
   * Whether this is still the step of a region. Allocates nothing.
   *
   * @param node the region
   * @return true if no property has changed
   */
  public boolean isStepOf(RegionNode node) {
    return enabled == node.isEnabled() && readOnly == node.isReadOnly() && nonVolatile == node.isNonVolatile()
        && unmergeable == node.isUnmergeable() && noFetch == node.isNoFetch()
        && address == node.address() && size.equals(node.size())
        && next == ViewRoot.passThrough(node);
  }
}
