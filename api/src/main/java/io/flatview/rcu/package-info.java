/**
 * Read-copy-update: readers that never wait, writers that retire what they replaced, and a choice of flavours found on
 * the class path. Names are the kernel's and liburcu's.
 *
 * <p>This package is useful on its own, for anything off the heap that one thread frees while others read it. Files and
 * native memory have a ready way, {@link io.flatview.mapping}; the guide is in the README of the API module.
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
