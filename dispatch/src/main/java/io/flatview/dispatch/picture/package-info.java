/**
 * Draws address spaces as SVG: from the tree to boxes with what shows of each, from boxes to bands and lanes, and from
 * these to shapes.
 */
package io.flatview.dispatch.picture;
