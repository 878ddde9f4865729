/**
 * Draws address spaces as SVG: makes boxes of the regions of the tree, with their visible addresses, then bands of
 * addresses and lanes of boxes, and then shapes.
 */
package io.flatview.dispatch.picture;
