/** Sparse RAM: the populated parts of a memory, and the listeners that are called before they change. */
package io.flatview.dispatch.sparse;
