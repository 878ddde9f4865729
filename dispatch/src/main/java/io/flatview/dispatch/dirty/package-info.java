/** Which pages of a memory were written, for several clients at once. Knows nothing of regions. */
package io.flatview.dispatch.dirty;
