package io.flatview.dispatch.topology;

import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Arrays;

/** A set of offsets or addresses, as ranges in ascending order that neither overlap nor touch. Mutable. */
public final class Extents {

  private static final long TOP = -1;

  private long[] firsts = new long[1];
  private long[] lasts = new long[1];
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
    return firsts[i];
  }

  /**
   * The end of a range.
   *
   * @param i the index of the range, from 0
   * @return the bound, unsigned, inclusive
   */
  public long last(int i) {
    return lasts[i];
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
    if (from < count && Long.compareUnsigned(firsts[from], first) <= 0
        && Long.compareUnsigned(lasts[from], last) >= 0) {
      return false;
    }
    growths++;
    int to = from;
    while (to < count && (last == TOP || Long.compareUnsigned(firsts[to], last + 1) <= 0)) {
      to++;
    }
    if (from == to) {
      insert(from, first, last);
    } else {
      firsts[from] = Unsigned.min(first, firsts[from]);
      lasts[from] = Unsigned.max(last, lasts[to - 1]);
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
    return Unsigned.countBelow(lasts, count, offset);
  }

  private void insert(int at, long first, long last) {
    if (count == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * count);
      lasts = Arrays.copyOf(lasts, 2 * count);
    }
    System.arraycopy(firsts, at, firsts, at + 1, count - at);
    System.arraycopy(lasts, at, lasts, at + 1, count - at);
    firsts[at] = first;
    lasts[at] = last;
    count++;
  }

  private void removeBetween(int from, int to) {
    System.arraycopy(firsts, to, firsts, from, count - to);
    System.arraycopy(lasts, to, lasts, from, count - to);
    count -= to - from;
  }
}
