/** What readers see: one immutable generation of all address spaces, and the dispatchers that build the next one. */
package io.flatview.dispatch.generation;
