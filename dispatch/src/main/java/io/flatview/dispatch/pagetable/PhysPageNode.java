package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Arrays;

/**
 * A node of the page table. Each slot reaches over 2<sup>{@link #shift}</sup> addresses and holds a node further down
 * or a section. The node reaches over the smallest aligned block of addresses that holds all its entries, and its slots
 * are the largest that keep different entries apart; those of its level are the smallest. So devices with gaps between
 * them take half the slots that pages would. The nodes of a published table are never written again.
 */
final class PhysPageNode extends PhysPageEntry {

  /** The lowest address that the node reaches. */
  final long first;

  /** The editor that made the node and may write it until it is published. */
  private final Object owner;

  private int height;

  private PhysPageNode(int shift, int height, long first, PhysPageEntry[] slots, Object owner) {
    super(shift, slots);
    this.height = height;
    this.first = first;
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
    return new PhysPageNode(shift, 1, lowest & ~mask, slots, owner);
  }

  /** The node itself for its owner, a copy for any other editor. */
  PhysPageNode ownedBy(Object editor) {
    return owner == editor ? this : new PhysPageNode(shift, height, first, slots.clone(), editor);
  }

  /** Takes over the slots of a node over a part of the addresses, which has slots of the same size. */
  void take(PhysPageNode part) {
    System.arraycopy(part.slots, 0, slots, slotOf(part.first), part.slots.length);
    height = part.height;
  }

  /** A copy for an editor, with smaller slots. */
  PhysPageNode split(int smaller, PhysSection nowhere, Object editor) {
    PhysPageNode split = over(first, last(), smaller, nowhere, editor);
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != nowhere) {
        split.fill(slots[i], firstOf(i), lastOf(i));
      }
    }
    return split;
  }

  /** Sets the slots of an entry within a range. */
  void fill(PhysPageEntry entry, long from, long to) {
    int start = slotOf(Unsigned.max(SlotSize.firstOf(entry), from));
    Arrays.fill(slots, start, slotOf(Unsigned.min(SlotSize.lastOf(entry), to)) + 1, entry);
    height = Math.max(height, entry.height() + 1);
  }

  /** The node with the fewest slots for the same entries, of which at least two are not {@code nowhere}. */
  PhysPageNode fitted(PhysSection nowhere) {
    PhysPageNode block = overEntries(nowhere);
    int bits = SlotSize.unusedBits(block.slots, nowhere);
    return bits == 0 ? block : block.joined(bits, nowhere);
  }

  private PhysPageNode overEntries(PhysSection nowhere) {
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
    return new PhysPageNode(shift, height, firstOf(from), Arrays.copyOfRange(slots, from, from + length), owner);
  }

  /** A copy with one slot for each 2<sup>bits</sup>, of which at most one has an entry, or all the same. */
  private PhysPageNode joined(int bits, PhysSection nowhere) {
    PhysPageEntry[] fewer = new PhysPageEntry[slots.length >>> bits];
    Arrays.fill(fewer, nowhere);
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != nowhere) {
        fewer[i >>> bits] = slots[i];
      }
    }
    return new PhysPageNode(shift + bits, height, first, fewer, owner);
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

  /** The highest address that the node reaches. */
  long last() {
    return lastOf(slots.length - 1);
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
    return Long.compareUnsigned(address - first, last() - first) <= 0;
  }
}
