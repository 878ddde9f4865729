package io.flatview.dispatch;

/**
 * The size of the page table that QEMU has for an address space's view, counted as its {@code info mtree -f -d} does,
 * and what the table here takes.
 *
 * @param sections entries of the section list, the unassigned one and shared pages included
 * @param subpages how many of these are pages that several sections share
 * @param nodes nodes built, those that skips pass by included
 * @param depth the most nodes that any lookup visits
 * @param bytes of heap that the table here takes, roughly
 */
public record PageTableReport(int sections, int subpages, int nodes, int depth, long bytes) {}
