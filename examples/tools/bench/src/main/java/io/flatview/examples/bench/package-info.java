/** The command {@code flatview bench}: runs benchmarks and prints one table. */
package io.flatview.examples.bench;
