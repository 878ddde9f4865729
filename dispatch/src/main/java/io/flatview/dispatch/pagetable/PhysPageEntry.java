package io.flatview.dispatch.pagetable;

/**
 * The layout of a packed entry: 6 bits of {@code skip}, 26 bits of {@code ptr}.
 *
 * <p>With {@code skip} 0 the entry is a leaf and {@code ptr} the number of a section. Otherwise {@code ptr} is the
 * number of a node, or {@link #PHYS_MAP_NODE_NIL}, and {@code skip} how many levels to go down to reach it: more than 1
 * where a node with a single way on was left out.
 */
final class PhysPageEntry {

  static final int L2_BITS = 9;
  static final int L2_SIZE = 1 << L2_BITS;

  /** The {@code ptr} that leads nowhere. */
  static final int PHYS_MAP_NODE_NIL = (1 << 26) - 1;

  /** An inner entry that leads nowhere. */
  static final int NIL = inner(1, PHYS_MAP_NODE_NIL);

  private static final int PTR_BITS = 26;
  private static final int PTR_MASK = (1 << PTR_BITS) - 1;

  private PhysPageEntry() {}

  static int leaf(int section) {
    return section;
  }

  static int inner(int skip, int node) {
    return skip << PTR_BITS | node;
  }

  static int skip(int entry) {
    return entry >>> PTR_BITS;
  }

  static int ptr(int entry) {
    return entry & PTR_MASK;
  }

  static boolean isLeaf(int entry) {
    return skip(entry) == 0;
  }

  static boolean isNil(int entry) {
    return ptr(entry) == PHYS_MAP_NODE_NIL;
  }

  /** Refuses a number that an entry cannot hold, rather than losing its upper bits. */
  static int checked(int number) {
    if (number >= PHYS_MAP_NODE_NIL) {
      throw new OutOfMemoryError("a page table holds at most " + PHYS_MAP_NODE_NIL + " nodes and as many sections");
    }
    return number;
  }
}
