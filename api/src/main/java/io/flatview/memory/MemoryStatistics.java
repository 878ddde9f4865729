package io.flatview.memory;

/**
 * The generation and the guest memory of a memory system at one moment.
 *
 * @param generation the number of the generation in force, and so how many were replaced since the first, number 0
 * @param reclaimedGenerations the number of replaced generations that no reader can see any more
 * @param ramBytes the number of bytes of guest memory that are reserved
 * @param ramBlocks the number of blocks in which they are
 */
public record MemoryStatistics(
    long generation,
    long reclaimedGenerations,
    long ramBytes,
    long ramBlocks) {}
