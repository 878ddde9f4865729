package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import java.util.Collections;
import java.util.Set;

/**
 * A view and what it depends on.
 *
 * @param root where it starts
 * @param view what readers and listeners get
 * @param dependencies every region that was looked at; a change to none of these leaves the view as it is
 */
record Rendering(ViewRoot root, RenderedView view, Set<RegionNode> dependencies) {

  boolean isStaleAfter(Set<RegionNode> touched) {
    return !Collections.disjoint(touched, dependencies);
  }

  /** The same rendering with the view it replaces, if nobody can tell them apart. */
  Rendering keeping(Rendering replaced) {
    return replaced.view.sameAs(view) ? new Rendering(root, replaced.view, dependencies) : this;
  }
}
