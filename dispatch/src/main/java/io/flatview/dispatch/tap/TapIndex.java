package io.flatview.dispatch.tap;

import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.Access;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The taps of a leaf by the addresses that they watch. A search for the taps that an access overlaps takes logarithmic
 * time, plus the time for each found tap.
 *
 * <p>This is an interval tree in arrays. The entries are sorted by first address. The middle entry of a range of
 * entries is the root of a tree, and the halves on both sides are its subtrees; {@link #highest} has for each root the
 * highest address that its tree watches. So adding or removing an entry copies four arrays, and the tree needs no
 * balancing.
 */
public final class TapIndex extends TapSet {

  /** No taps, as for most leaves. */
  public static final TapIndex NONE = new TapIndex(new TapPoint[0], new long[0], new long[0]);

  /**
   * A tap and the addresses that it watches.
   *
   * @param tap the tap
   * @param first the lowest address, unsigned
   * @param last the highest address, unsigned
   */
  record Entry(TapPoint tap, long first, long last) {

    /** The order of entries: by first address, and then in the order of attaching. */
    static final Comparator<Entry> ASCENDING = ((Comparator<Entry>) (a, b) -> Long.compareUnsigned(a.first, b.first))
        .thenComparingLong(entry -> entry.tap.number);
  }

  private final TapPoint[] taps;
  private final long[] firsts;
  private final long[] lasts;
  private final long[] highest;

  /** The number of watches. */
  private final int watches;

  /** The bits of the kinds of access for which any tap is called. */
  private final int kinds;

  private TapIndex(TapPoint[] taps, long[] firsts, long[] lasts) {
    this.taps = taps;
    int asked = 0;
    int union = 0;
    for (TapPoint tap : taps) {
      union |= tap.kinds;
      asked += tap.watch != null ? 1 : 0;
    }
    this.kinds = union;
    this.watches = asked;
    this.firsts = firsts;
    this.lasts = lasts;
    this.highest = new long[taps.length];
    measure(0, taps.length);
  }

  /**
   * Fills {@link #highest} for the tree of a range of entries, and returns its highest address; 0 for an empty tree.
   */
  private long measure(int low, int high) {
    if (low == high) {
      return 0;
    }
    int middle = low + high >>> 1;
    highest[middle] = Unsigned.max(lasts[middle], Unsigned.max(measure(low, middle), measure(middle + 1, high)));
    return highest[middle];
  }

  /** An index of entries in any order. */
  static TapIndex of(List<Entry> entries) {
    if (entries.isEmpty()) {
      return NONE;
    }
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Entry.ASCENDING);
    return new TapIndex(sorted.stream().map(Entry::tap).toArray(TapPoint[]::new),
        sorted.stream().mapToLong(Entry::first).toArray(), sorted.stream().mapToLong(Entry::last).toArray());
  }

  /**
   * The number of taps.
   *
   * @return 0 for none
   */
  public int size() {
    return taps.length;
  }

  @Override
  public boolean concern(Access access) {
    return (kinds & access.bit()) != 0;
  }

  @Override
  public boolean asksBefore() {
    return watches > 0;
  }

  @Override
  public boolean tellsAfter() {
    return watches < taps.length;
  }

  /**
   * The lowest address of an entry.
   *
   * @param entry the index of the entry, in the order of these addresses
   * @return the address, unsigned
   */
  public long first(int entry) {
    return firsts[entry];
  }

  /**
   * The highest address of an entry.
   *
   * @param entry the index of the entry
   * @return the address, unsigned
   */
  public long last(int entry) {
    return lasts[entry];
  }

  /**
   * The highest address that a tap watches. The index must not be empty.
   *
   * @return the address, unsigned
   */
  public long highest() {
    return highest[taps.length >>> 1];
  }

  /**
   * A copy with one tap more.
   *
   * @param tap a tap that is not in the index and was attached after all that are
   * @param first the lowest address that it watches, unsigned
   * @param last the highest address that it watches, unsigned
   * @return a new index
   */
  public TapIndex with(TapPoint tap, long first, long last) {
    int at = countUpTo(first);
    return new TapIndex(with(taps, at, tap), with(firsts, at, first), with(lasts, at, last));
  }

  /** The number of entries that begin at or before an address. */
  private int countUpTo(long address) {
    return address == -1 ? firsts.length : Unsigned.countBelow(firsts, firsts.length, address + 1);
  }

  private static TapPoint[] with(TapPoint[] all, int at, TapPoint tap) {
    TapPoint[] longer = Arrays.copyOf(all, all.length + 1);
    System.arraycopy(all, at, longer, at + 1, all.length - at);
    longer[at] = tap;
    return longer;
  }

  private static long[] with(long[] all, int at, long address) {
    long[] longer = Arrays.copyOf(all, all.length + 1);
    System.arraycopy(all, at, longer, at + 1, all.length - at);
    longer[at] = address;
    return longer;
  }

  /**
   * A copy without a tap.
   *
   * @param tap the tap to leave out
   * @return this index if the tap is not in it
   */
  public TapIndex without(TapPoint tap) {
    for (int i = 0; i < taps.length; i++) {
      if (taps[i] == tap) {
        return slice(0, i).joined(slice(i + 1, taps.length));
      }
    }
    return this;
  }

  /**
   * Some of the entries.
   *
   * @param from the index of the first
   * @param to the index after the last
   * @return an index of them
   */
  public TapIndex slice(int from, int to) {
    if (from == to) {
      return NONE;
    }
    return from == 0 && to == taps.length ? this : new TapIndex(Arrays.copyOfRange(taps, from, to),
        Arrays.copyOfRange(firsts, from, to), Arrays.copyOfRange(lasts, from, to));
  }

  /**
   * The entries of two indexes.
   *
   * @param behind an index whose addresses begin after those of this one
   * @return an index of all
   */
  public TapIndex joined(TapIndex behind) {
    if (taps.length == 0 || behind.taps.length == 0) {
      return taps.length == 0 ? behind : this;
    }
    TapPoint[] all = Arrays.copyOf(taps, taps.length + behind.taps.length);
    System.arraycopy(behind.taps, 0, all, taps.length, behind.taps.length);
    return new TapIndex(all, joined(firsts, behind.firsts), joined(lasts, behind.lasts));
  }

  private static long[] joined(long[] all, long[] more) {
    long[] longer = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, longer, all.length, more.length);
    return longer;
  }

  @Override
  void find(long first, long last, TapMatches found) {
    find(0, taps.length, first, last, found);
  }

  private void find(int from, int high, long first, long last, TapMatches found) {
    int low = from;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(highest[middle], first) < 0) {
        return;
      }
      find(low, middle, first, last, found);
      if (Long.compareUnsigned(firsts[middle], last) > 0) {
        return;
      }
      if (Long.compareUnsigned(lasts[middle], first) >= 0) {
        found.add(taps[middle]);
      }
      low = middle + 1;
    }
  }

  /**
   * Whether two indexes have equal taps at equal addresses.
   *
   * @param other the other index
   * @return true if they have
   */
  public boolean sameAs(TapIndex other) {
    return Arrays.equals(taps, other.taps)
        && Arrays.equals(firsts, other.firsts)
        && Arrays.equals(lasts, other.lasts);
  }
}
