/** Flat views as text: those that QEMU printed, ours, and the page tables that dumps show below them. */
package io.flatview.examples.cli.flat;
