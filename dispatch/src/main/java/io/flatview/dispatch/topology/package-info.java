/** The mutable tree of regions: one writer at a time, every change undoable. Independent of rendering. */
package io.flatview.dispatch.topology;
