/**
 * The page table of one view: a radix tree over addresses whose nodes successive generations share; and beside it the
 * table that QEMU's {@code exec.c} would build, to compare with.
 */
package io.flatview.dispatch.pagetable;
