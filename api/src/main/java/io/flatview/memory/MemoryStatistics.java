package io.flatview.memory;

/**
 * What a memory system holds at one moment.
 *
 * @param generation the number of the generation in force, and so how many were replaced since the first, number 0
 * @param reclaimedGenerations how many of these no reader can see any more
 * @param ramBytes how many bytes of guest memory are reserved
 * @param ramBlocks in how many blocks
 */
public record MemoryStatistics(
    long generation,
    long reclaimedGenerations,
    long ramBytes,
    long ramBlocks) {}
