package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.unsigned.Unsigned;

/**
 * The page table of one view: a radix tree that leads from an address to its leaf, immutable once published. The tables
 * of successive generations share all nodes but those on the path to a change, and the garbage collector frees them.
 *
 * <p>If there is only one section below a slot, the slot refers to that section, and if there is only one node, to that
 * node. So a walk skips bits of the address, and must check in the end that the section covers the address.
 */
public final class PhysPageMap {

  private final PhysSection unassigned;

  private final PhysPageEntry root;

  /** The number of steps of a walk. */
  private final int height;

  PhysPageMap(PhysPageEntry root, PhysSection unassigned) {
    this.root = root;
    this.height = root.height();
    this.unassigned = unassigned;
  }

  /**
   * Makes an empty table.
   *
   * @param unassigned the section that answers for every hole
   * @return a new table
   */
  public static PhysPageMap empty(PhysSection unassigned) {
    return new PhysPageMap(unassigned, unassigned);
  }

  /**
   * Finds the leaf at an address: {@code phys_section_find}.
   *
   * @param address the address, unsigned
   * @return the leaf, which may be a bank's; the unassigned one for a hole
   */
  public PhysSection find(long address) {
    PhysSection only = candidate(address);
    return only.covers(address) ? only : unassigned;
  }

  /**
   * The only section that can answer at an address.
   *
   * @param address the address, unsigned
   * @return a section that may end before the address or begin after it
   */
  public PhysSection candidate(long address) {
    PhysPageEntry entry = root;
    for (int i = height; i > 0; i--) {
      entry = entry.towards(address);
    }
    return (PhysSection) entry;
  }

  /**
   * The end of a hole.
   *
   * @param address an address at which nothing answers, unsigned
   * @param last the highest address that matters, unsigned, not below {@code address}
   * @return the highest address up to which nothing answers, {@code last} at the most
   */
  public long endOfHole(long address, long last) {
    return endOfHole(root, address, last);
  }

  private long endOfHole(PhysPageEntry entry, long address, long last) {
    return switch (entry) {
      case PhysSection section -> section == unassigned ? last : endBefore(section, address, last);
      case PhysPageNode node -> endOfHole(node, address, last);
    };
  }

  private static long endBefore(PhysSection section, long address, long last) {
    boolean follows = Long.compareUnsigned(section.last, address) >= 0
        && Long.compareUnsigned(section.first, last) <= 0;
    return follows ? section.first - 1 : last;
  }

  /** Goes through the slots up to the first in which the hole ends. A node may reach less far than its slot. */
  private long endOfHole(PhysPageNode node, long address, long last) {
    if (Long.compareUnsigned(address, node.last()) > 0 || Long.compareUnsigned(last, node.first) < 0) {
      return last;
    }
    long highest = Unsigned.min(last, node.last());
    int end = node.slotOf(highest);
    long from = Unsigned.max(address, node.first);
    for (int slot = node.slotOf(from); slot <= end; slot++) {
      long to = Unsigned.min(node.lastOf(slot), highest);
      long found = endOfHole(node.slots[slot], from, to);
      if (found != to) {
        return found;
      }
      from = to + 1;
    }
    return last;
  }

  /**
   * The section that answers for every hole.
   *
   * @return the same in all maps of open address spaces of a generation
   */
  public PhysSection unassigned() {
    return unassigned;
  }

  PhysPageEntry root() {
    return root;
  }

  /**
   * Whether two tables have the same shape and lead to equal sections everywhere.
   *
   * @param other the other table
   * @return true if readers cannot tell them apart
   */
  public boolean sameAs(PhysPageMap other) {
    return same(root, other.root);
  }

  private static boolean same(PhysPageEntry a, PhysPageEntry b) {
    if (a == b) {
      return true;
    }
    if (a instanceof PhysSection left && b instanceof PhysSection right) {
      return left.sameAs(right);
    }
    return a instanceof PhysPageNode left && b instanceof PhysPageNode right && sameNodes(left, right);
  }

  private static boolean sameNodes(PhysPageNode a, PhysPageNode b) {
    if (a.shift != b.shift || a.height() != b.height() || a.first != b.first || a.slots.length != b.slots.length) {
      return false;
    }
    for (int i = 0; i < a.slots.length; i++) {
      boolean again = i > 0 && a.slots[i] == a.slots[i - 1] && b.slots[i] == b.slots[i - 1];
      if (!again && !same(a.slots[i], b.slots[i])) {
        return false;
      }
    }
    return true;
  }
}
