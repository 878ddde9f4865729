package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.unsigned.Unsigned;

/**
 * How large the slots of a node may be. Entries lie in blocks of the node's level, of which a node below takes one, and
 * a section as many as it meets; blocks with different entries must be in different slots.
 */
final class SlotSize {

  private SlotSize() {}

  /**
   * The largest slots that keep a section that is added apart from the entries of a node.
   *
   * @param node the node, which reaches all addresses of the section
   * @param nowhere the entry of holes
   * @param first the lowest address of the section
   * @param last the highest address of the section
   * @param level the level of the node
   * @return the binary logarithm of the number of addresses of a slot: the present one at most
   */
  static int apart(PhysPageNode node, PhysSection nowhere, long first, long last, int level) {
    int shift = node.shift;
    int end = node.slotOf(last);
    for (int i = node.slotOf(first); i <= end && shift != level; i++) {
      if (node.slots[i] != nowhere) {
        long from = node.firstOf(i);
        long to = node.lastOf(i);
        shift = apart(
            node.slots[i], from, to, Unsigned.max(first, from), Unsigned.min(last, to), level, shift);
      }
    }
    return shift;
  }

  /**
   * The largest slots that keep an entry apart from a section that is added, in the part of a node's block that both
   * are in. They may share one block: then a node below will have both of them there.
   *
   * @param entry the entry that is there
   * @param from the lowest address of the part
   * @param to the highest address of the part
   * @param first the lowest address of the section in the part
   * @param last the highest address of the section in the part
   * @param level the binary logarithm of the size of the level's blocks
   * @param most the largest result: for one, if one block holds both
   * @return the binary logarithm of the number of addresses of a slot
   */
  static int apart(PhysPageEntry entry, long from, long to, long first, long last, int level, int most) {
    long entryFirst = Unsigned.max(firstOf(entry), from) >>> level;
    long entryLast = Unsigned.min(lastOf(entry), to) >>> level;
    long addedFirst = first >>> level;
    long addedLast = last >>> level;
    long low = Math.max(entryFirst, addedFirst);
    long high = Math.min(entryLast, addedLast);
    if (low != high) {
      return Math.min(most, level + highestBit(low ^ high));
    }
    int before = Math.min(entryFirst, addedFirst) < low ? level + highestBit(low ^ low - 1) : most;
    int after = Math.max(entryLast, addedLast) > low ? level + highestBit(low ^ low + 1) : most;
    return Math.min(most, Math.min(before, after));
  }

  /** The number of times that neighbouring slots can be joined in pairs, without joining different entries. */
  static int unusedBits(PhysPageEntry[] slots, PhysSection nowhere) {
    int unused = Integer.SIZE;
    PhysPageEntry last = nowhere;
    int lastSlot = 0;
    for (int i = 0; i < slots.length && unused > 0; i++) {
      if (slots[i] != nowhere) {
        if (slots[i] != last && last != nowhere) {
          unused = Math.min(unused, highestBit(lastSlot ^ i));
        }
        last = slots[i];
        lastSlot = i;
      }
    }
    return unused;
  }

  private static int highestBit(long bits) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
  }

  /** The lowest address of an entry. */
  static long firstOf(PhysPageEntry entry) {
    return entry instanceof PhysPageNode node ? node.first : ((PhysSection) entry).first;
  }

  /** The highest address of an entry. */
  static long lastOf(PhysPageEntry entry) {
    return entry instanceof PhysPageNode node ? node.last() : ((PhysSection) entry).last;
  }
}
