/** Rendering: from the tree of regions to an immutable flat view, and from two views to what changed between them. */
package io.flatview.dispatch.view;
