/** Command lines of the programs behind {@code examples/flatview}: version, failures in words, output that is lost. */
package io.flatview.examples.command;
