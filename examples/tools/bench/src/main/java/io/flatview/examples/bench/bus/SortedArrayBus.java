package io.flatview.examples.bench.bus;

import java.util.List;

/** A sorted array, and the range that answered last. */
final class SortedArrayBus implements Bus {

  private final Range[] ranges;
  private Range last;

  SortedArrayBus(List<Range> ranges) {
    this.ranges = ranges.toArray(Range[]::new);
    this.last = this.ranges[0];
  }

  @Override
  public long load(long address, int size) {
    return at(address).load(address, size);
  }

  @Override
  public void store(long address, int size, long value) {
    at(address).store(address, size, value);
  }

  private Range at(long address) {
    Range range = last;
    return range.contains(address) ? range : search(address);
  }

  private Range search(long address) {
    int low = 0;
    int high = ranges.length - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (ranges[middle].first <= address) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    last = ranges[low];
    return last;
  }
}
