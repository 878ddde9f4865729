/** The pages of a memory that were written, for several clients at once. Independent of regions. */
package io.flatview.dispatch.dirty;
