/**
 * The refcount flavour: open sections are counted, by phase and stripe, and the writer waits until it has seen each
 * count at 0.
 */
package io.flatview.rcu.refcount;
