package io.flatview.dispatch.pagetable;

import static io.flatview.dispatch.pagetable.PhysPageEntry.L2_BITS;
import static io.flatview.dispatch.pagetable.PhysPageEntry.L2_SIZE;
import static io.flatview.dispatch.pagetable.PhysPageEntry.NIL;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds the table of a view from its sections in ascending order: {@code mem_add}.
 *
 * <p>A section is cut into the bytes up to the next page boundary, whole pages, and the bytes that remain. Whole pages
 * are set as runs, each as high in the tree as its alignment allows; the odd bytes go into shared pages. At the end
 * every entry that leads to a node with a single way on takes that way itself ({@code skip}); the node stays in the
 * list, as in QEMU.
 */
public final class PhysPageMapBuilder {

  private final PageGeometry geometry;
  private final MemoryRegionSection unassigned;
  private final List<PhysSection> sections = new ArrayList<>();
  private int[] nodes = new int[8 * L2_SIZE];
  private int nodeCount;
  private int root = NIL;

  private SubPage sharedPage;
  private long sharedPageNumber;

  /**
   * An empty table.
   *
   * @param geometry of its pages
   * @param unassigned the section for holes, over all addresses
   */
  public PhysPageMapBuilder(PageGeometry geometry, MemoryRegionSection unassigned) {
    this.geometry = geometry;
    this.unassigned = unassigned;
    addSection(PhysSection.of(unassigned, unassigned));
  }

  /**
   * Adds a section.
   *
   * @param section above all that were added before
   */
  public void add(MemoryRegionSection section) {
    long first = section.range().first();
    long last = section.range().last();
    if (geometry.pageOf(first) == geometry.pageOf(last) && !isWholePage(first, last)) {
      addSubPage(section, first, last);
      return;
    }
    long wholeFirst = first;
    if ((first & geometry.offsetMask()) != 0) {
      wholeFirst = (first | geometry.offsetMask()) + 1;
      addSubPage(section, first, wholeFirst - 1);
    }
    boolean tail = (last & geometry.offsetMask()) != geometry.offsetMask();
    long tailFirst = last & ~geometry.offsetMask();
    if (!tail) {
      addPages(section, wholeFirst, last);
      return;
    }
    if (wholeFirst != tailFirst) {
      addPages(section, wholeFirst, tailFirst - 1);
    }
    addSubPage(section, tailFirst, last);
  }

  private boolean isWholePage(long first, long last) {
    return (first & geometry.offsetMask()) == 0 && (last & geometry.offsetMask()) == geometry.offsetMask();
  }

  private void addPages(MemoryRegionSection whole, long first, long last) {
    int section = addSection(PhysSection.of(part(whole, first, last), whole));
    setPages(geometry.pageOf(first), geometry.pageOf(last), section);
  }

  private void addSubPage(MemoryRegionSection whole, long first, long last) {
    SubPage page = sharedPageAt(first);
    int section = addSection(PhysSection.of(part(whole, first, last), whole));
    int mask = (int) geometry.offsetMask();
    page.assign((int) first & mask, (int) last & mask, mask + 1, section);
  }

  private static MemoryRegionSection part(MemoryRegionSection whole, long first, long last) {
    return new MemoryRegionSection(
        new AddressRange(first, last), whole.region(), whole.offsetOf(first), whole.attributes());
  }

  /** Sections come in order, so only the page shared last can be met again. */
  private SubPage sharedPageAt(long address) {
    long number = geometry.pageOf(address);
    if (sharedPage == null || sharedPageNumber != number) {
      sharedPage = new SubPage();
      sharedPageNumber = number;
      MemoryRegionSection page =
          part(unassigned, address & ~geometry.offsetMask(), address | geometry.offsetMask());
      setPages(number, number, addSection(PhysSection.shared(page, unassigned, sharedPage)));
    }
    return sharedPage;
  }

  private int addSection(PhysSection section) {
    sections.add(section);
    return PhysPageEntry.checked(sections.size() - 1);
  }

  private void setPages(long firstPage, long lastPage, int section) {
    int top = geometry.levels() - 1;
    if (PhysPageEntry.isNil(root)) {
      root = PhysPageEntry.inner(1, newNode(top));
    }
    setLevel(PhysPageEntry.ptr(root), top, firstPage, lastPage, section);
  }

  /** Sets the pages of one node's reach: a leaf for each slot that they fill, a level further down for the others. */
  private void setLevel(int node, int level, long firstPage, long lastPage, int section) {
    int shift = level * L2_BITS;
    long slotMask = (1L << shift) - 1;
    long page = firstPage;
    while (true) {
      int at = node * L2_SIZE + ((int) (page >>> shift) & (L2_SIZE - 1));
      long slotLast = Math.min(page | slotMask, lastPage);
      if ((page & slotMask) == 0 && slotLast == (page | slotMask)) {
        nodes[at] = PhysPageEntry.leaf(section);
      } else {
        setLevel(child(at, level - 1), level - 1, page, slotLast, section);
      }
      if (slotLast == lastPage) {
        return;
      }
      page = slotLast + 1;
    }
  }

  private int child(int at, int level) {
    if (PhysPageEntry.isNil(nodes[at])) {
      int node = newNode(level);
      nodes[at] = PhysPageEntry.inner(1, node);
    }
    return PhysPageEntry.ptr(nodes[at]);
  }

  private int newNode(int level) {
    int node = PhysPageEntry.checked(nodeCount++);
    if (nodeCount * L2_SIZE > nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    int empty = level == 0 ? PhysPageEntry.leaf(PhysPageTable.PHYS_SECTION_UNASSIGNED) : NIL;
    Arrays.fill(nodes, node * L2_SIZE, (node + 1) * L2_SIZE, empty);
    return node;
  }

  /**
   * Finishes the table.
   *
   * @return the map; the builder is used up
   */
  public PhysPageMap build() {
    root = compact(root);
    int[] exact = Arrays.copyOf(nodes, nodeCount * L2_SIZE);
    return new PhysPageMap(
        geometry, root, new PhysPageTable(exact, nodeCount, sections.toArray(PhysSection[]::new)));
  }

  /** The entry to use instead of one that leads to a node: past the node, if it has a single way on. */
  private int compact(int entry) {
    if (PhysPageEntry.isLeaf(entry) || PhysPageEntry.isNil(entry)) {
      return entry;
    }
    int base = PhysPageEntry.ptr(entry) * L2_SIZE;
    int ways = 0;
    int onlyWay = 0;
    for (int at = base; at < base + L2_SIZE; at++) {
      nodes[at] = compact(nodes[at]);
      if (PhysPageEntry.isLeaf(nodes[at]) || !PhysPageEntry.isNil(nodes[at])) {
        ways++;
        onlyWay = nodes[at];
      }
    }
    return ways == 1 ? past(entry, onlyWay) : entry;
  }

  private static int past(int entry, int onlyWay) {
    return PhysPageEntry.isLeaf(onlyWay)
        ? onlyWay
        : PhysPageEntry.inner(PhysPageEntry.skip(entry) + PhysPageEntry.skip(onlyWay), PhysPageEntry.ptr(onlyWay));
  }
}
