/**
 * The {@code flatview demo} command: readers and a writer on the map of a real machine, and a judge that knows what
 * each reader may have seen.
 */
package io.flatview.examples.cli.demo;
