package io.flatview.examples.bench.rcu;

/**
 * The object that readers look at.
 *
 * @param value the value that they read
 */
record Item(int value) {}
