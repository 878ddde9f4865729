/**
 * The page table of one view, in the terms of QEMU's {@code exec.c}: packed entries, nodes of 512 of them, sections,
 * and pages that several sections share. Immutable once built.
 */
package io.flatview.dispatch.pagetable;
