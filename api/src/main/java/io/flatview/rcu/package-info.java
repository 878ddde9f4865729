/**
 * Read-copy-update: readers that never wait, writers that retire what they replaced, and a choice of flavours found on
 * the class path. Names follow the Linux kernel and liburcu.
 *
 * <p>This package is useful on its own, for anything off the heap that one thread frees while others read it. For files
 * and native memory there is {@link io.flatview.mapping}; the guide is OFF-HEAP.md in the API module.
 *
 * <pre>{@code
 * RcuReference<Table> current = new RcuReference<>(policy, Table.allocate(1));
 *
 * // any number of readers
 * try (ReadSection _ = policy.currentReader().enter()) {
 *   found = current.dereference().lookup(key);
 * }
 *
 * // any number of writers
 * current.replace(Table.allocate(2), Table::free); // when every section that may have seen the old one has ended
 * }</pre>
 */
package io.flatview.rcu;
