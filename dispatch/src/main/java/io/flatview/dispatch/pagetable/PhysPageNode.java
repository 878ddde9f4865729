package io.flatview.dispatch.pagetable;

import java.util.Arrays;

/**
 * A node of the page table. Each slot reaches over 2<sup>{@link #shift}</sup> addresses and holds a node further down
 * or a section. The number of slots is the smallest power of two whose aligned block holds all entries of the node. The
 * nodes of a published table are never written again.
 */
final class PhysPageNode extends PhysPageEntry {

  /** The lowest address that the node reaches. */
  final long first;

  /** The highest address that the node reaches. */
  final long last;

  /** The editor that made the node and may write it until it is published. */
  private final Object owner;

  private int height;

  private PhysPageNode(int shift, int height, long first, long last, PhysPageEntry[] slots, Object owner) {
    super(shift, slots);
    this.height = height;
    this.first = first;
    this.last = last;
    this.owner = owner;
  }

  @Override
  int height() {
    return height;
  }

  /** Makes the smallest node over two addresses that are in different slots; all of its slots refer to one section. */
  static PhysPageNode over(long lowest, long highest, int shift, PhysSection section, Object owner) {
    int above = Long.SIZE - Long.numberOfLeadingZeros(lowest ^ highest);
    PhysPageEntry[] slots = new PhysPageEntry[1 << above - shift];
    Arrays.fill(slots, section);
    long mask = above == Long.SIZE ? -1 : (1L << above) - 1;
    return new PhysPageNode(shift, 1, lowest & ~mask, lowest | mask, slots, owner);
  }

  /** The node itself for its owner, a copy for any other editor. */
  PhysPageNode ownedBy(Object editor) {
    return owner == editor ? this : new PhysPageNode(shift, height, first, last, slots.clone(), editor);
  }

  /** Takes over the slots of a smaller node of the same level. */
  void take(PhysPageNode part) {
    System.arraycopy(part.slots, 0, slots, slotOf(part.first), part.slots.length);
    height = part.height;
  }

  /** The smallest node with the same entries, of which at least two are not {@code nowhere}. */
  PhysPageNode fitted(PhysSection nowhere) {
    int lowest = 0;
    while (slots[lowest] == nowhere) {
      lowest++;
    }
    int highest = slots.length - 1;
    while (slots[highest] == nowhere) {
      highest--;
    }
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(lowest ^ highest);
    return 1 << bits == slots.length ? this : part(lowest >>> bits << bits, 1 << bits);
  }

  private PhysPageNode part(int from, int length) {
    return new PhysPageNode(
        shift, height, firstOf(from), lastOf(from + length - 1), Arrays.copyOfRange(slots, from, from + length), owner);
  }

  /** Sets a slot to an entry whose height is at least that of the present one. */
  void raise(int slot, PhysPageEntry entry) {
    slots[slot] = entry;
    height = Math.max(height, entry.height() + 1);
  }

  /** Computes the height again after an entry of smaller height was set. */
  void settle() {
    int tallest = 0;
    for (PhysPageEntry entry : slots) {
      tallest = Math.max(tallest, entry.height());
    }
    height = tallest + 1;
  }

  int slotOf(long address) {
    return (int) (address >>> shift) & slots.length - 1;
  }

  long firstOf(int slot) {
    return first + ((long) slot << shift);
  }

  long lastOf(int slot) {
    return firstOf(slot) + ((1L << shift) - 1);
  }

  boolean reaches(long address) {
    return Long.compareUnsigned(address - first, last - first) <= 0;
  }
}
