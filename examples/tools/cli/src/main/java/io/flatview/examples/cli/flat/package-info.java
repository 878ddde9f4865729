/** Flat views as text: what QEMU printed, what ours look like, and the page tables that dumps show below them. */
package io.flatview.examples.cli.flat;
