package io.flatview.dispatch.pagetable;

/**
 * The content of a slot of the page table: a node, or a section as a leaf.
 *
 * <p>A leaf is its own and only slot. So a walk that makes as many steps as the longest path in the table ends at the
 * same leaf as a walk that stops at the first leaf, but needs no branch: a processor cannot predict the depth of a
 * random address's leaf.
 */
abstract sealed class PhysPageEntry permits PhysPageNode, PhysSection {

  /** The binary logarithm of the number of addresses of a slot. For a leaf the value does not matter. */
  final int shift;

  final PhysPageEntry[] slots;

  /** A leaf. */
  PhysPageEntry() {
    this.shift = 0;
    this.slots = new PhysPageEntry[] {this};
  }

  /** A node. */
  PhysPageEntry(int shift, PhysPageEntry[] slots) {
    this.shift = shift;
    this.slots = slots;
  }

  /** The number of nodes on the longest path from here to a leaf, this one included. 0 for a leaf. */
  abstract int height();

  final PhysPageEntry towards(long address) {
    PhysPageEntry[] below = slots;
    return below[(int) (address >>> shift) & below.length - 1];
  }
}
