package io.flatview.examples.bench.rcu;

/**
 * What readers look at.
 *
 * @param value what they read of it
 */
record Item(int value) {}
