package io.flatview.dispatch.topology;

import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Arrays;

/** A set of offsets or addresses, as ranges in ascending order that neither overlap nor touch. Mutable. */
public final class Extents {

  private static final long TOP = -1;

  /** The lowest and the highest element of each range in turn: in ascending order, too. */
  private long[] bounds = new long[2];
  private int count;
  private int growths;

  /** An empty set. */
  public Extents() {}

  /**
   * A set of one range.
   *
   * @param first the lowest element, unsigned, inclusive
   * @param last the highest element, unsigned, inclusive, not below {@code first}
   * @return a new set
   */
  public static Extents of(long first, long last) {
    Extents one = new Extents();
    one.add(first, last);
    return one;
  }

  /**
   * The number of ranges.
   *
   * @return 0 for an empty set
   */
  public int count() {
    return count;
  }

  /** How many additions have made the set larger. */
  int growths() {
    return growths;
  }

  /**
   * The start of a range.
   *
   * @param i the index of the range, from 0
   * @return the bound, unsigned, inclusive
   */
  public long first(int i) {
    return bounds[2 * i];
  }

  /**
   * The end of a range.
   *
   * @param i the index of the range, from 0
   * @return the bound, unsigned, inclusive
   */
  public long last(int i) {
    return bounds[2 * i + 1];
  }

  /**
   * Adds a range.
   *
   * @param first the lowest element, unsigned, inclusive
   * @param last the highest element, unsigned, inclusive, not below {@code first}
   * @return false if all of it was there
   */
  public boolean add(long first, long last) {
    int from = firstEndingAtOrAfter(first == 0 ? 0 : first - 1);
    if (from < count && Long.compareUnsigned(first(from), first) <= 0
        && Long.compareUnsigned(last(from), last) >= 0) {
      return false;
    }
    growths++;
    int to = from;
    while (to < count && (last == TOP || Long.compareUnsigned(first(to), last + 1) <= 0)) {
      to++;
    }
    if (from == to) {
      insert(from, first, last);
    } else {
      set(from, Unsigned.min(first, first(from)), Unsigned.max(last, last(to - 1)));
      removeBetween(from + 1, to);
    }
    return true;
  }

  /**
   * Searches by the ends of the ranges.
   *
   * @param offset the element to search for, unsigned
   * @return the index of the first range that ends there or after it; the number of ranges if there is none
   */
  public int firstEndingAtOrAfter(long offset) {
    return Unsigned.countBelow(bounds, 2 * count, offset) / 2;
  }

  private void set(int at, long first, long last) {
    bounds[2 * at] = first;
    bounds[2 * at + 1] = last;
  }

  private void insert(int at, long first, long last) {
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 4 * count);
    }
    System.arraycopy(bounds, 2 * at, bounds, 2 * at + 2, 2 * (count - at));
    set(at, first, last);
    count++;
  }

  private void removeBetween(int from, int to) {
    System.arraycopy(bounds, 2 * to, bounds, 2 * from, 2 * (count - to));
    count -= to - from;
  }
}
