package io.flatview.examples.bench.rcu;

/**
 * The object that readers look at.
 *
 * @param value what they read of it
 */
record Item(int value) {}
