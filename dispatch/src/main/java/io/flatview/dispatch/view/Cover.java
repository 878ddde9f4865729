package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The set of addresses that regions have taken in a rendering, as ranges that neither overlap nor touch. Since
 * neighbours are joined, a search for gaps takes time in proportion to the gaps, however many regions there are.
 *
 * <p>A few ranges are kept in an array, more in a tree: most renderings are of a few addresses.
 */
public final class Cover {

  private static final int MOST_IN_ARRAY = 64;

  private static final Extents NOTHING = new Extents();

  /** The ranges while there are few; {@link #NOTHING} until the first. */
  private Extents few = NOTHING;

  /** The last address of each range by its first, unsigned; null while there are few. */
  private TreeMap<Long, Long> many;

  /** Makes an empty cover. */
  public Cover() {}

  /**
   * The free parts of a range.
   *
   * @param range the range
   * @return in ascending order
   */
  public List<AddressRange> gaps(AddressRange range) {
    List<AddressRange> gaps = new ArrayList<>();
    long from = range.first();
    for (Taken next = from(from); next != null && Long.compareUnsigned(next.first, range.last()) <= 0; ) {
      if (Long.compareUnsigned(next.first, from) > 0) {
        gaps.add(new AddressRange(from, next.first - 1));
      }
      if (Long.compareUnsigned(next.last, range.last()) >= 0) {
        return gaps;
      }
      from = next.last + 1;
      next = from(from);
    }
    gaps.add(new AddressRange(from, range.last()));
    return gaps;
  }

  private record Taken(long first, long last) {}

  /** The first range that ends at an address or after it; null if there is none. */
  private Taken from(long address) {
    if (many == null) {
      int at = few.firstEndingAtOrAfter(address);
      return at == few.count() ? null : new Taken(few.first(at), few.last(at));
    }
    Map.Entry<Long, Long> below = many.floorEntry(address);
    Map.Entry<Long, Long> found = below != null && Long.compareUnsigned(below.getValue(), address) >= 0
        ? below : many.higherEntry(address);
    return found == null ? null : new Taken(found.getKey(), found.getValue());
  }

  /**
   * Whether no address of a range is free.
   *
   * @param range the range
   * @return true if all of its addresses are taken
   */
  public boolean isTaken(AddressRange range) {
    return isTaken(range.first(), range.last());
  }

  /** Whether no address between two is free: then one joined range contains all of them. */
  boolean isTaken(long first, long last) {
    if (many == null) {
      int at = few.firstEndingAtOrAfter(last);
      return at < few.count() && Long.compareUnsigned(few.first(at), first) <= 0;
    }
    Map.Entry<Long, Long> below = many.floorEntry(first);
    return below != null && Long.compareUnsigned(below.getValue(), last) >= 0;
  }

  /** Takes a range if all of it is free; returns whether it did. */
  boolean takeIfFree(AddressRange range) {
    Taken next = many == null && few.count() == 0 ? null : from(range.first());
    if (next != null && Long.compareUnsigned(next.first, range.last()) <= 0) {
      return false;
    }
    take(range);
    return true;
  }

  /**
   * Takes a range; neighbours are joined.
   *
   * @param range the range, of which parts may be taken already
   */
  public void take(AddressRange range) {
    if (many != null) {
      takeOfMany(range);
    } else {
      few = few == NOTHING ? new Extents() : few;
      few.add(range.first(), range.last());
      if (few.count() > MOST_IN_ARRAY) {
        many = new TreeMap<>(Long::compareUnsigned);
        for (int i = 0; i < few.count(); i++) {
          many.put(few.first(i), few.last(i));
        }
      }
    }
  }

  private void takeOfMany(AddressRange range) {
    long first = range.first();
    long last = range.last();
    Map.Entry<Long, Long> below = many.floorEntry(first);
    if (below != null && reaches(below.getValue(), first)) {
      first = below.getKey();
      last = Unsigned.max(last, below.getValue());
    }
    Map.Entry<Long, Long> above = many.higherEntry(first);
    while (above != null && reaches(last, above.getKey())) {
      last = Unsigned.max(last, above.getValue());
      many.remove(above.getKey());
      above = many.higherEntry(first);
    }
    many.put(first, last);
  }

  /** Whether a range that ends at {@code last} contains an address or the address before it. */
  private static boolean reaches(long last, long address) {
    return Long.compareUnsigned(last, address) >= 0 || last + 1 == address;
  }
}
