package io.flatview.dispatch.topology.planted;

import io.flatview.dispatch.view.RenderedView;

/** Breaks a rule on purpose. */
final class KnowsViews {
  RenderedView forbidden;
}
