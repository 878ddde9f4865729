package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import java.util.Set;

/**
 * What one address space shows. Several may share a rendering.
 *
 * @param root of the address space
 * @param path the regions that were looked at on the way to the view root, which is among them
 * @param rendering from the view root on
 */
public record SpaceView(RegionNode root, Set<RegionNode> path, Rendering rendering) {

  /**
   * The view.
   *
   * @return what readers and listeners get
   */
  public RenderedView view() {
    return rendering.view();
  }

  /**
   * Whether the view starts at a region.
   *
   * @param node any region
   * @return true if it is the view root
   */
  public boolean startsAt(RegionNode node) {
    return rendering.root().node() == node;
  }
}
