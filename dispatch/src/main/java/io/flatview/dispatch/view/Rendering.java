package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.topology.RegionNode;
import java.util.HashSet;

/** Renders views, in full or where changes have made them stale. */
public final class Rendering {

  private Rendering() {}

  /**
   * The result of bringing a view up to date.
   *
   * @param view the new view; the old one if nothing changed
   * @param diff the difference of the views
   */
  public record Refreshed(RenderedView view, ViewDiff diff) {}

  /**
   * Renders the whole view of a view root.
   *
   * @param root the view root
   * @param replaced the old view; used again if the new view equals it, so that no listener is called
   * @return the view
   */
  public static RenderedView of(ViewRoot root, RenderedView replaced) {
    RenderedView whole = rendered(root);
    return whole.sameAs(replaced) ? replaced : whole;
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
   * Brings a view up to date where it is dirty.
   *
   * @param root the view root of the view
   * @param view the view
   * @param dirt the dirty windows of the changes since the last rendering
   * @return the new view and the difference; the same view if nothing changed
   */
  public static Refreshed refreshed(ViewRoot root, RenderedView view, Dirt dirt) {
    Extents dirty = dirt.in(root.node());
    return dirty.count() == 0 ? new Refreshed(view, ViewDiff.NONE) : ViewPatch.patch(root, view, dirty);
  }
}
