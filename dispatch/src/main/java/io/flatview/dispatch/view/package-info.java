/** Rendering: from the tree of regions to an immutable flat view, and from two views to their difference. */
package io.flatview.dispatch.view;
