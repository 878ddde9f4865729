package io.flatview.iommu.riscv;

import java.util.HashSet;
import java.util.Set;

/**
 * Page tables in which nothing is granted, as a walk through all addresses in ascending order finds out. So a
 * table that many entries point to, perhaps its own, is gone through once for each level: what addresses cost follows
 * how many tables there are, and not how often they are pointed to.
 *
 * <p>For each stage and level it follows the table that the present address leads through. A table was gone through if
 * that began at its first address and went on without a gap to its last. What an entry of a table leads to depends on
 * the table, the level and the context alone; so once nothing was granted there, nothing is anywhere else. That holds
 * for as long as the tables do not change: for one going through.
 *
 * <p>Confined to one thread.
 */
final class EmptyTables {

  private static final int LEVELS = 5;
  private static final int READABLE = 1 << 4;
  private static final int EXECUTABLE = 1 << 5;

  /** A table on the way to the present address. */
  private static final class Passage {

    /** Its address and its key. */
    long table;
    long base;
    long last;
    long next;
    boolean ended = true;
    boolean whole;
    boolean granted;
    boolean current;
  }

  private final Passage[] passages = new Passage[2 * LEVELS];

  /** Addresses of tables, with the key of a {@link #slot} in the lowest bits, which are 0 there. */
  private final Set<Long> empty = new HashSet<>();

  /** The accesses that the first stage lets through to the second, as bits of a key. */
  private int rights;

  /** Whether the walk under way is the first for its address; further ones find the same tables. */
  private boolean notes;

  EmptyTables() {
    for (int i = 0; i < passages.length; i++) {
      passages[i] = new Passage();
    }
  }

  private static int slot(boolean second, int level) {
    return (second ? LEVELS : 0) + level;
  }

  private int key(int slot) {
    return slot < LEVELS ? slot : slot | rights;
  }

  /** The first stage has led to a leaf; what it refuses there, no table of the second stage can grant. */
  void behind(boolean readable, boolean executable) {
    rights = (readable ? READABLE : 0) | (executable ? EXECUTABLE : 0);
  }

  /** Begins an address: the tables that the next walk meets are followed. */
  void begin() {
    notes = true;
    for (Passage passage : passages) {
      passage.current = false;
    }
  }

  /** The walks that follow are for the same address. */
  void again() {
    notes = false;
  }

  /** A walk is about to enter a table on a level, on its way to an address; true if it need not. */
  boolean isEmpty(boolean second, int level, long table, long address) {
    int slot = slot(second, level);
    long keyed = table | key(slot);
    if (empty.contains(keyed)) {
      return true;
    }
    if (notes) {
      follow(passages[slot], keyed, address, PagingMode.span(level + 1));
    }
    return false;
  }

  private static void follow(Passage passage, long keyed, long address, long span) {
    long base = address & ~span;
    if (passage.table != keyed || passage.base != base || passage.ended) {
      passage.table = keyed;
      passage.ended = false;
      passage.base = base;
      passage.last = base | span;
      passage.whole = address == base;
      passage.granted = false;
    } else if (address != passage.next) {
      passage.whole = false;
    }
    passage.next = address;
    passage.current = true;
  }

  /** Ends an address: so many addresses behind it are as it is, and whether something is granted there. */
  void end(long distance, boolean granted) {
    for (Passage passage : passages) {
      if (passage.current) {
        passage.granted |= granted;
        passage.ended = Long.compareUnsigned(distance, passage.last - passage.next) >= 0;
        passage.next += distance + 1;
        if (passage.ended && passage.whole && !passage.granted) {
          empty.add(passage.table);
        }
      }
    }
  }
}
