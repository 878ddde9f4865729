package io.flatview.dispatch;

/**
 * The size of an address space's page table, counted as QEMU's {@code info mtree -f -d} does.
 *
 * @param sections entries of the section list, the unassigned one and shared pages included
 * @param subpages how many of these are pages that several sections share
 * @param nodes nodes built, those that skips pass by included
 * @param depth the most nodes that any lookup visits
 * @param bytes of heap, roughly
 */
public record PageTableReport(int sections, int subpages, int nodes, int depth, long bytes) {}
