/** The page table that QEMU builds for a flat view, to compare with its dumps. */
package io.flatview.examples.cli.pagetable;
