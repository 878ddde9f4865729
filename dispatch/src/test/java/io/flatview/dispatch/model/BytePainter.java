package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Paints the lowest addresses byte by byte, from the back to the front: what comes later covers what was there. It has
 * nothing in common with {@link Painter}, which asks from the front to the back.
 */
final class BytePainter {

  private static final int HOLE = -1;
  private static final int MAX_ALIASES = 40;
  private static final BigInteger BEYOND = BigInteger.ONE.shiftLeft(40);

  private final ModelMap map;
  private final int[] regions;
  private final long[] offsets;
  private boolean complete = true;

  BytePainter(ModelMap map, int root, int addresses) {
    this.map = map;
    regions = new int[addresses];
    offsets = new long[addresses];
    Arrays.fill(regions, HOLE);
    ModelRegion region = map.region(root);
    paint(region, region.address.longValueExact(), 0, addresses, 0);
  }

  /** Whether all aliases came to an end. */
  boolean complete() {
    return complete;
  }

  /** The number of the region at an address, or {@link ModelRegion#NONE}. */
  int regionAt(int address) {
    return regions[address];
  }

  long offsetAt(int address) {
    return offsets[address];
  }

  /** Paints a region whose offset 0 stands at {@code base}, on the addresses from {@code low} to below {@code high}. */
  private void paint(ModelRegion region, long base, long low, long high, int aliases) {
    long from = Math.max(low, base);
    long to = Math.min(high, base + region.size.min(BEYOND).longValueExact());
    if (!region.enabled || from >= to || !complete) {
      return;
    }
    if (region.kind == Kind.ALIAS) {
      complete &= aliases < MAX_ALIASES;
      paint(map.region(region.target), base - region.targetOffset.longValueExact(), from, to, aliases + 1);
      return;
    }
    if (region.kind.answers()) {
      fill(region.id, base, (int) from, (int) to);
    }
    map.regions.values().stream().filter(child -> child.parent == region.id).sorted(new Rules().siblings().reversed())
        .forEach(child -> paint(child, base + child.address.longValueExact(), from, to, aliases));
  }

  private void fill(int region, long base, int from, int to) {
    for (int address = from; address < to; address++) {
      regions[address] = region;
      offsets[address] = address - base;
    }
  }
}
