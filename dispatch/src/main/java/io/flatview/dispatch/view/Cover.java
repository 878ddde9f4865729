package io.flatview.dispatch.view;

import io.flatview.memory.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The addresses that are taken: ranges that neither overlap nor touch. Taken neighbours are joined, so that a search
 * for gaps takes as long as there are gaps, however many regions took the rest.
 */
public final class Cover {

  /** The last address of each range by its first, unsigned. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>(Long::compareUnsigned);

  /** Nothing is taken. */
  public Cover() {}

  /**
   * What is not taken of a range.
   *
   * @param range the range
   * @return in ascending order
   */
  public List<AddressRange> gaps(AddressRange range) {
    List<AddressRange> gaps = new ArrayList<>();
    long from = range.first();
    Map.Entry<Long, Long> below = ranges.floorEntry(from);
    Map.Entry<Long, Long> next = below != null ? below : ranges.higherEntry(from);
    while (next != null && Long.compareUnsigned(next.getKey(), range.last()) <= 0) {
      if (Long.compareUnsigned(next.getKey(), from) > 0) {
        gaps.add(new AddressRange(from, next.getKey() - 1));
      }
      if (Long.compareUnsigned(next.getValue(), range.last()) >= 0) {
        return gaps;
      }
      from = Long.compareUnsigned(next.getValue(), from) >= 0 ? next.getValue() + 1 : from;
      next = ranges.higherEntry(next.getKey());
    }
    gaps.add(new AddressRange(from, range.last()));
    return gaps;
  }

  /**
   * Whether nothing of a range is free.
   *
   * @param range the range
   * @return true if so
   */
  public boolean isTaken(AddressRange range) {
    return isTaken(range.first(), range.last());
  }

  /** Whether nothing between two addresses is free: then one joined range has them all. */
  boolean isTaken(long first, long last) {
    Map.Entry<Long, Long> below = ranges.floorEntry(first);
    return below != null && Long.compareUnsigned(below.getValue(), last) >= 0;
  }

  /**
   * Takes a range; neighbours are joined.
   *
   * @param range the range, of which parts may be taken already
   */
  public void take(AddressRange range) {
    long first = range.first();
    long last = range.last();
    Map.Entry<Long, Long> below = ranges.floorEntry(first);
    if (below != null && reaches(below.getValue(), first)) {
      first = below.getKey();
      last = maxUnsigned(last, below.getValue());
    }
    Map.Entry<Long, Long> above = ranges.higherEntry(first);
    while (above != null && reaches(last, above.getKey())) {
      last = maxUnsigned(last, above.getValue());
      ranges.remove(above.getKey());
      above = ranges.higherEntry(first);
    }
    ranges.put(first, last);
  }

  /** Whether a range that ends at {@code last} holds an address or the one before it. */
  private static boolean reaches(long last, long address) {
    return Long.compareUnsigned(last, address) >= 0 || last + 1 == address;
  }

  private static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
