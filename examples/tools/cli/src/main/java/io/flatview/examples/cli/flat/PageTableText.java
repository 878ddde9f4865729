package io.flatview.examples.cli.flat;

import java.util.OptionalInt;

/**
 * The measures of a page table as {@code info mtree -f -d} shows it.
 *
 * @param sections how many sections, with the unassigned one and those of split pages
 * @param nodes how many nodes, with those that no lookup visits
 * @param depth how many nodes the longest lookup visits
 * @param pageSize in bytes, if a split page shows it
 */
public record PageTableText(int sections, int nodes, int depth, OptionalInt pageSize) {}
