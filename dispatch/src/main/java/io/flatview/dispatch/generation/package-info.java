/**
 * The objects that readers reach: one immutable generation of all address spaces, and the dispatchers that build the
 * next one.
 */
package io.flatview.dispatch.generation;
