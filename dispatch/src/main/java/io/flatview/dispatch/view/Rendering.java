package io.flatview.dispatch.view;

/**
 * A view and where it starts.
 *
 * @param root where it starts
 * @param view what readers and listeners get
 */
record Rendering(ViewRoot root, RenderedView view) {}
