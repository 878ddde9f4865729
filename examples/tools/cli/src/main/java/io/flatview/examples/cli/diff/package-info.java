/** Compares the flat views of two machines. */
package io.flatview.examples.cli.diff;
