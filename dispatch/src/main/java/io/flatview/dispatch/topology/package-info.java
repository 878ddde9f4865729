/** The mutable tree of regions: one writer at a time, every change undoable. Knows nothing of how it is rendered. */
package io.flatview.dispatch.topology;
