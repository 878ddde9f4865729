package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import java.util.Collections;
import java.util.Set;

/**
 * What one address space shows. Several may share a rendering.
 *
 * @param root of the address space
 * @param path the regions that were looked at on the way to the view root
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

  boolean isStaleAfter(Set<RegionNode> touched) {
    return !Collections.disjoint(touched, path) || rendering.isStaleAfter(touched);
  }
}
