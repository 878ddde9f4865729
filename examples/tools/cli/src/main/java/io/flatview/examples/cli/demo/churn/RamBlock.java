package io.flatview.examples.cli.demo.churn;

import io.flatview.memory.MemoryRegion;

/**
 * A piece of guest memory, and where the writer reaches it while no window shows it.
 *
 * @param region the memory
 * @param cells the extent of the memory in cells
 * @param stagedAt its place in the staging space
 */
record RamBlock(MemoryRegion.Ram region, int cells, long stagedAt) {}
