package io.flatview.examples.cli.pagetable;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The table that QEMU's {@code exec.c} builds for a view, node by node and section by section, so that it can be
 * compared one to one with its {@code info mtree -f -d}.
 *
 * <p>A section is cut into the bytes up to the next page boundary, whole pages, and the bytes that remain. Whole pages
 * are set as runs, each as high in the tree as its alignment allows; the odd bytes go into shared pages. At the end
 * every entry that leads to a node with a single way on takes that way itself ({@code skip}); the node stays in the
 * list. With {@code skip} 0 an entry is a leaf and its {@code ptr} the number of a section.
 */
public final class QemuPageTable {

  /**
   * The size of a table.
   *
   * @param sections entries in the section list, the unassigned one and shared pages included
   * @param subPages how many of them are shared pages
   * @param nodes nodes built, those that were left out of the walk included
   * @param depth most nodes that any walk visits
   */
  public record Shape(int sections, int subPages, int nodes, int depth) {}

  /** {@code region} is null for the unassigned section and for pages that several share. */
  record Section(AddressRange range, MemoryRegion region) {}

  /** Address bits that a level decides on: {@code P_L2_BITS}. */
  static final int LEVEL_BITS = 9;

  /** Entries of a node: {@code P_L2_SIZE}. */
  static final int L2_SIZE = 1 << LEVEL_BITS;

  /** The {@code ptr} of an entry that leads nowhere. */
  static final int NO_NODE = -1;

  private static final int PTR_BITS = 32;
  private static final long NIL = inner(1, NO_NODE);
  private static final long UNASSIGNED = 0;

  private final int pageBits;
  private final List<Section> sections = new ArrayList<>(List.of(new Section(AddressRange.ALL, null)));
  private long[] nodes = new long[8 * L2_SIZE];
  private int nodeCount;
  private int subPageCount;
  private long root = NIL;
  private long sharedPage;

  private QemuPageTable(int pageSize) {
    pageBits = Integer.numberOfTrailingZeros(pageSize);
  }

  /**
   * Builds the table of a view.
   *
   * @param pageSize the size of a page in bytes, a power of two
   * @param sections the sections of the view, in ascending order
   * @return the table
   */
  public static QemuPageTable of(int pageSize, List<MemoryRegionSection> sections) {
    QemuPageTable table = new QemuPageTable(pageSize);
    sections.forEach(table::add);
    table.root = table.compact(table.root);
    return table;
  }

  private static long inner(long skip, int ptr) {
    return skip << PTR_BITS | Integer.toUnsignedLong(ptr);
  }

  static int skip(long entry) {
    return (int) (entry >>> PTR_BITS);
  }

  static int ptr(long entry) {
    return (int) entry;
  }

  private static boolean leadsDown(long entry) {
    return skip(entry) != 0 && ptr(entry) != NO_NODE;
  }

  /** Levels of nodes: {@code P_L2_LEVELS}. */
  int levels() {
    return (Long.SIZE - pageBits - 1) / LEVEL_BITS + 1;
  }

  private long offsetMask() {
    return (1L << pageBits) - 1;
  }

  private long pageOf(long address) {
    return address >>> pageBits;
  }

  // Building

  private void add(MemoryRegionSection section) {
    long first = section.range().first();
    long last = section.range().last();
    long mask = offsetMask();
    boolean head = (first & mask) != 0;
    boolean tail = (last & mask) != mask;
    if (pageOf(first) == pageOf(last) && (head || tail)) {
      addSubPage(section.region(), first, last);
      return;
    }
    long wholeFirst = head ? (first | mask) + 1 : first;
    long tailFirst = last & ~mask;
    if (head) {
      addSubPage(section.region(), first, wholeFirst - 1);
    }
    if (!tail || wholeFirst != tailFirst) {
      addPages(section.region(), wholeFirst, tail ? tailFirst - 1 : last);
    }
    if (tail) {
      addSubPage(section.region(), tailFirst, last);
    }
  }

  private void addPages(MemoryRegion region, long first, long last) {
    setPages(pageOf(first), pageOf(last), addSection(region, first, last));
  }

  /** Sections come in order, so only the page shared last can be met again. */
  private void addSubPage(MemoryRegion region, long first, long last) {
    long page = pageOf(first);
    if (subPageCount == 0 || sharedPage != page) {
      sharedPage = page;
      subPageCount++;
      long mask = offsetMask();
      setPages(page, page, addSection(null, first & ~mask, first | mask));
    }
    addSection(region, first, last);
  }

  private int addSection(MemoryRegion region, long first, long last) {
    sections.add(new Section(new AddressRange(first, last), region));
    return sections.size() - 1;
  }

  private void setPages(long firstPage, long lastPage, int section) {
    int top = levels() - 1;
    if (root == NIL) {
      root = inner(1, newNode(top));
    }
    setLevel(ptr(root), top, firstPage, lastPage, section);
  }

  /** Sets the pages of one node's reach: a leaf for each slot that they fill, a level further down for the others. */
  private void setLevel(int node, int level, long firstPage, long lastPage, int section) {
    int shift = level * LEVEL_BITS;
    long slotMask = (1L << shift) - 1;
    long page = firstPage;
    while (true) {
      int at = node * L2_SIZE + ((int) (page >>> shift) & (L2_SIZE - 1));
      long slotLast = Math.min(page | slotMask, lastPage);
      if ((page & slotMask) == 0 && slotLast == (page | slotMask)) {
        nodes[at] = section;
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
    if (nodes[at] == NIL) {
      int node = newNode(level);
      nodes[at] = inner(1, node);
    }
    return ptr(nodes[at]);
  }

  private int newNode(int level) {
    int node = nodeCount++;
    if (nodeCount * L2_SIZE > nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    Arrays.fill(nodes, node * L2_SIZE, (node + 1) * L2_SIZE, level == 0 ? UNASSIGNED : NIL);
    return node;
  }

  /** The entry to use instead of one that leads to a node: past the node, if it has a single way on. */
  private long compact(long entry) {
    if (!leadsDown(entry)) {
      return entry;
    }
    int base = ptr(entry) * L2_SIZE;
    int ways = 0;
    long onlyWay = 0;
    for (int at = base; at < base + L2_SIZE; at++) {
      nodes[at] = compact(nodes[at]);
      if (nodes[at] != NIL) {
        ways++;
        onlyWay = nodes[at];
      }
    }
    return ways == 1 ? past(entry, onlyWay) : entry;
  }

  private static long past(long entry, long onlyWay) {
    return skip(onlyWay) == 0 ? onlyWay : inner(skip(entry) + skip(onlyWay), ptr(onlyWay));
  }

  // Looking

  /**
   * How large the table is.
   *
   * @return counts as QEMU's {@code info mtree -f -d} has them
   */
  public Shape shape() {
    return new Shape(sections.size(), subPageCount, nodeCount, depth(root));
  }

  private int depth(long entry) {
    int deepest = 0;
    if (leadsDown(entry)) {
      for (int i = 0; i < L2_SIZE; i++) {
        deepest = Math.max(deepest, 1 + depth(nodes[ptr(entry) * L2_SIZE + i]));
      }
    }
    return deepest;
  }

  /** All sections by number, from 0, the unassigned one. */
  List<Section> sections() {
    return sections;
  }

  /** The entry that stands above all nodes. */
  long root() {
    return root;
  }

  int nodeCount() {
    return nodeCount;
  }

  long entry(int node, int slot) {
    return nodes[node * L2_SIZE + slot];
  }
}
