package io.flatview.examples.bench.bus;

import java.util.List;
import java.util.TreeMap;

/** A tree of ranges by their first address. */
final class TreeMapBus implements Bus {

  private final TreeMap<Long, Range> ranges = new TreeMap<>();

  TreeMapBus(List<Range> all) {
    all.forEach(range -> ranges.put(range.first, range));
  }

  @Override
  public long load(long address, int size) {
    return ranges.floorEntry(address).getValue().load(address, size);
  }

  @Override
  public void store(long address, int size, long value) {
    ranges.floorEntry(address).getValue().store(address, size, value);
  }
}
