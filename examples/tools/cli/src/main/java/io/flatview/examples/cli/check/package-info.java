/** Compares what this project renders with what QEMU rendered. */
package io.flatview.examples.cli.check;
