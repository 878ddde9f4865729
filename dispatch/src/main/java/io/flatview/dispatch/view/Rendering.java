package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.topology.RegionNode;
import java.util.HashSet;

/**
 * A view and its view root.
 *
 * @param root the region at which rendering started
 * @param view the view that readers and listeners get
 */
public record Rendering(ViewRoot root, RenderedView view) {

  /**
   * The result of bringing a view up to date.
   *
   * @param rendering the new rendering; the old one if nothing changed
   * @param diff the difference of the views
   */
  public record Refreshed(Rendering rendering, ViewDiff diff) {}

  /**
   * Renders the whole view of a view root.
   *
   * @param root the view root
   * @param replaced the old view; used again if the new view equals it, so that no listener is called
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
   * Renders an address space in full: the reference for views that commits patch.
   *
   * @param root the root of the address space
   * @return a view of its own
   */
  public static RenderedView rebuild(RegionNode root) {
    return rendered(ViewRoot.of(root, new HashSet<>()));
  }

  /**
   * Brings the view up to date where it is dirty.
   *
   * @param dirt the dirty windows of the changes since the last rendering
   * @return the new rendering and the difference; the same rendering if nothing changed
   */
  public Refreshed refreshed(Dirt dirt) {
    Extents dirty = dirt.in(root.node());
    return dirty.count() == 0 ? new Refreshed(this, ViewDiff.NONE) : ViewPatch.patch(this, dirty);
  }
}
