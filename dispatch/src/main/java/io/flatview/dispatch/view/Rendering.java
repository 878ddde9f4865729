package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.topology.RegionNode;
import java.util.HashSet;

/**
 * A view and where it starts.
 *
 * @param root where it starts
 * @param view what readers and listeners get
 */
public record Rendering(ViewRoot root, RenderedView view) {

  /**
   * Renders all that shows from a view root.
   *
   * @param root where the view starts
   * @param replaced kept, and so its listeners' peace, if nothing tells the two apart
   * @return the rendering
   */
  public static Rendering of(ViewRoot root, RenderedView replaced) {
    RenderedView whole = rendered(root);
    return new Rendering(root, whole.sameAs(replaced) ? replaced : whole);
  }

  static RenderedView rendered(ViewRoot root) {
    return new RenderedView(root, SectionTree.of(ViewRenderer.render(root)));
  }

  /**
   * Renders an address space in full: the reference for what commits make of it step by step.
   *
   * @param root of the address space
   * @return a view of its own
   */
  public static RenderedView rebuild(RegionNode root) {
    return rendered(ViewRoot.of(root, new HashSet<>()));
  }

  /**
   * Brings the view up to date where it is dirty.
   *
   * @param dirt what changed since
   * @return with the same rendering if nothing about it changed
   */
  public Refreshed refreshed(Dirt dirt) {
    Extents dirty = dirt.in(root.node());
    return dirty.count() == 0 ? new Refreshed(this, ViewDiff.NONE) : ViewPatch.patch(this, dirty);
  }
}
