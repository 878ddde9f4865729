/** Open sections are counted, by phase and stripe; the writer waits until the counts were seen at 0. */
package io.flatview.rcu.refcount;
