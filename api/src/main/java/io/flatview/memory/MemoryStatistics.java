package io.flatview.memory;

/**
 * What a memory system holds at one moment.
 *
 * @param generation the generation in force
 * @param commits how many commits published a generation
 * @param retiredGenerations how many generations were replaced
 * @param reclaimedGenerations how many of these no reader can see any more
 * @param ramBytes how many bytes of guest memory are reserved
 * @param ramBlocks in how many blocks
 */
public record MemoryStatistics(
    long generation,
    long commits,
    long retiredGenerations,
    long reclaimedGenerations,
    long ramBytes,
    long ramBlocks) {}
