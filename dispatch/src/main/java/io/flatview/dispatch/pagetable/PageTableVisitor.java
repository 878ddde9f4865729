package io.flatview.dispatch.pagetable;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;

/** Is shown a page table: all sections, then the root entry, then each node with its entries. */
public interface PageTableVisitor {

  /** The {@code ptr} of an entry that leads nowhere. */
  int NIL = -1;

  /**
   * A section.
   *
   * @param number counted from 0, the unassigned one
   * @param range which addresses it has
   * @param region who answers; null for the unassigned section and for pages that several sections share
   */
  void section(int number, AddressRange range, MemoryRegion region);

  /**
   * The root entry.
   *
   * @param bits of an address that a node decides on
   * @param levels of the tree
   * @param ptr the number of a node, or of a section if {@code skip} is 0, or {@link #NIL}
   * @param skip how many levels to go down
   */
  void root(int bits, int levels, int ptr, int skip);

  /**
   * A node; its entries follow.
   *
   * @param number counted from 0
   */
  void node(int number);

  /**
   * A run of equal entries of the present node.
   *
   * @param first index, inclusive
   * @param last index, inclusive
   * @param ptr the number of a node, or of a section if {@code skip} is 0, or {@link #NIL}
   * @param skip how many levels to go down
   */
  void entries(int first, int last, int ptr, int skip);
}
