/**
 * Read-copy-update: readers that never wait, writers that retire what they replaced, and a choice of flavours found on
 * the class path. Names are the kernel's and liburcu's.
 *
 * <p>This package is useful on its own, for anything off the heap that one thread frees while others read it.
 */
package io.flatview.rcu;
