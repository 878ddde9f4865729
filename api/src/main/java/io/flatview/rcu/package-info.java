/**
 * Read-copy-update: readers that never wait, writers that retire what they replaced, and a choice of flavours found on
 * the class path. Names are the kernel's and liburcu's.
 *
 * <p>This package is useful on its own, for anything off the heap that one thread frees while others read it.
 *
 * <pre>{@code
 * RcuReference<Table> current = new RcuReference<>(Table.allocate());
 *
 * // any number of readers
 * try (ReadSection _ = policy.currentReader().enter()) {
 *   current.dereference().lookup(key);
 * }
 *
 * // a writer
 * Table old = current.dereference();
 * current.assign(old.with(key, value));
 * policy.retire(old::free); // when every section that may have seen it has ended
 * }</pre>
 */
package io.flatview.rcu;
