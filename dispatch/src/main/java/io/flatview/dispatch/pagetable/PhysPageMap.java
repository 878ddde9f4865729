package io.flatview.dispatch.pagetable;

import static io.flatview.dispatch.pagetable.PhysPageEntry.L2_BITS;
import static io.flatview.dispatch.pagetable.PhysPageEntry.L2_SIZE;

import io.flatview.memory.AddressRange;

/**
 * The pair that a reader must see whole: the root entry and the table it leads into. Immutable, so one reference
 * publishes both.
 */
public final class PhysPageMap {

  private final PageGeometry geometry;
  private final int levels;
  private final int root;
  private final PhysPageTable pgtbl;

  PhysPageMap(PageGeometry geometry, int root, PhysPageTable pgtbl) {
    this.geometry = geometry;
    this.levels = geometry.levels();
    this.root = root;
    this.pgtbl = pgtbl;
  }

  /**
   * Finds who answers at an address: {@code phys_section_find} and the step into a shared page.
   *
   * @param address unsigned
   * @return the section; the unassigned one for a hole
   */
  public PhysSection find(long address) {
    PhysSection section = findPage(address);
    if (section.subPage == null) {
      return section;
    }
    return pgtbl.section(section.subPage.sectionAt((int) (address & geometry.offsetMask())));
  }

  /** Levels that were left out are not compared on the way down, so the section found must still hold the address. */
  private PhysSection findPage(long address) {
    long page = geometry.pageOf(address);
    int entry = root;
    int level = levels;
    while (!PhysPageEntry.isLeaf(entry)) {
      if (PhysPageEntry.isNil(entry)) {
        return unassigned();
      }
      level -= PhysPageEntry.skip(entry);
      entry = pgtbl.entry(PhysPageEntry.ptr(entry), (int) (page >>> (level * L2_BITS)) & (L2_SIZE - 1));
    }
    PhysSection section = pgtbl.section(PhysPageEntry.ptr(entry));
    return section.covers(address) ? section : unassigned();
  }

  /**
   * The section that answers for every hole.
   *
   * @return section 0
   */
  public PhysSection unassigned() {
    return pgtbl.section(PhysPageTable.PHYS_SECTION_UNASSIGNED);
  }

  /**
   * How large the table is.
   *
   * @return counts as QEMU's {@code info mtree -f -d} has them
   */
  public Shape shape() {
    return new Shape(pgtbl.sectionCount(), pgtbl.subPageCount(), pgtbl.nodeCount(), depth(root), pgtbl.bytes());
  }

  /**
   * Shows the table.
   *
   * @param visitor is called in this thread
   */
  public void accept(PageTableVisitor visitor) {
    for (int number = 0; number < pgtbl.sectionCount(); number++) {
      PhysSection section = pgtbl.section(number);
      boolean unnamed = number == PhysPageTable.PHYS_SECTION_UNASSIGNED || section.subPage != null;
      visitor.section(
          number, new AddressRange(section.first, section.last), unnamed ? null : section.section.region());
    }
    visitor.root(L2_BITS, levels, ptr(root), PhysPageEntry.skip(root));
    for (int node = 0; node < pgtbl.nodeCount(); node++) {
      visitor.node(node);
      showEntries(node, visitor);
    }
  }

  private void showEntries(int node, PageTableVisitor visitor) {
    int first = 0;
    for (int i = 1; i <= L2_SIZE; i++) {
      int entry = pgtbl.entry(node, first);
      if (i == L2_SIZE || pgtbl.entry(node, i) != entry) {
        visitor.entries(first, i - 1, ptr(entry), PhysPageEntry.skip(entry));
        first = i;
      }
    }
  }

  private static int ptr(int entry) {
    return PhysPageEntry.isNil(entry) ? PageTableVisitor.NIL : PhysPageEntry.ptr(entry);
  }

  private int depth(int entry) {
    if (PhysPageEntry.isLeaf(entry) || PhysPageEntry.isNil(entry)) {
      return 0;
    }
    int deepest = 0;
    for (int i = 0; i < L2_SIZE; i++) {
      deepest = Math.max(deepest, depth(pgtbl.entry(PhysPageEntry.ptr(entry), i)));
    }
    return deepest + 1;
  }

  /**
   * The size of a table.
   *
   * @param sections entries in the section list, the unassigned one and shared pages included
   * @param subPages how many of them are shared pages
   * @param nodes nodes built, those that were left out of the walk included
   * @param depth most nodes that any walk visits
   * @param bytes heap, roughly
   */
  public record Shape(int sections, int subPages, int nodes, int depth, long bytes) {}
}
