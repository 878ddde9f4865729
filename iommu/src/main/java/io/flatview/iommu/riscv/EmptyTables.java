package io.flatview.iommu.riscv;

import java.util.HashSet;
import java.util.Set;

/**
 * The page tables that grant nothing, as found by a {@link Probe} that goes through addresses in ascending order. A
 * table that many entries point to, perhaps its own, is searched once for each level; so the cost follows the number of
 * tables, and not the number of pointers to them.
 *
 * <p>For each stage and level this class follows the table on the way to the present address. A search of a table is
 * whole if it began at the first address of the table and went on to its last without a gap. The result depends on the
 * table, the level and the context alone, in the second stage also on the rights that the first stage leaves; so a
 * table that granted nothing at one place grants nothing at any other. That holds while the tables do not change: for
 * one probe.
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

  /**
   * Notes the permissions of a first-stage leaf: no table of the second stage can grant an access that the leaf
   * refuses.
   */
  void behind(boolean readable, boolean executable) {
    rights = (readable ? READABLE : 0) | (executable ? EXECUTABLE : 0);
  }

  /** Begins an address: the tables on the next walk are followed. */
  void begin() {
    notes = true;
    for (Passage passage : passages) {
      passage.current = false;
    }
  }

  /** Announces further walks for the same address. */
  void again() {
    notes = false;
  }

  /**
   * Called before a walk enters a table on a level, on its way to an address; true if the table is known to be empty.
   */
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

  /** Ends an address; the answer there, granted or not, holds for the next {@code distance} addresses too. */
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
