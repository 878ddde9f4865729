/** Files that are swapped under readers, by this library and by what a Java program would do instead. */
package io.flatview.examples.bench.mapped;
