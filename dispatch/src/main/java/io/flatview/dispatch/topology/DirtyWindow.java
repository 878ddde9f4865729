package io.flatview.dispatch.topology;

/**
 * A part of a region in which something may show differently.
 *
 * @param node the region
 * @param first lowest offset, unsigned, inclusive
 * @param last highest offset, unsigned, inclusive; may be past the region's end, where it ended before
 */
record DirtyWindow(RegionNode node, long first, long last) {}
