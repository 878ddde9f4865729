package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.tap.TapIndex;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/**
 * Makes the next table of a view from the present one: {@code mem_add} and its inverse, on copies of the nodes on the
 * path. Sections are removed before others are added at their addresses, in the order of listener calls.
 *
 * <p>The outcome depends only on the sections of the table, not on its history: a node has at least two different
 * entries that lead to sections, and no more slots than keep its entries apart.
 */
public final class PhysPageMapEditor {

  private static final int ADDRESS_BITS = 64;

  private final PageGeometry geometry;
  private final PhysSection unassigned;

  /** The selections under which the table is used; null for a table outside banks. */
  private final BankWay way;

  /** The owner of the nodes that this editor makes, which it may write until they are published. */
  private final Object owner = new Object();

  private PhysPageEntry root;

  /**
   * Makes an editor of a table.
   *
   * @param geometry the geometry of all tables of the memory system
   * @param present the table to start from; it stays unchanged
   */
  public PhysPageMapEditor(PageGeometry geometry, PhysPageMap present) {
    this(geometry, present, null);
  }

  PhysPageMapEditor(PageGeometry geometry, PhysPageMap present, BankWay way) {
    this.geometry = geometry;
    this.way = way;
    this.unassigned = present.unassigned();
    this.root = present.root();
  }

  /**
   * Adds a section.
   *
   * @param section a section at addresses that have none
   */
  public void add(MemoryRegionSection section) {
    PhysSection whole = new PhysSection(section, table(section), way);
    TapIndex taps = watching(whole);
    if (taps == TapIndex.NONE) {
      add(whole);
    } else {
      watched().of(whole, whole.first, whole.last, taps).forEach(this::add);
    }
  }

  /**
   * The taps for a new leaf; none for an IOMMU or a bank, since an access through it calls the taps of the leaf that it
   * leads to.
   */
  private static TapIndex watching(PhysSection whole) {
    return leadsOn(whole) ? TapIndex.NONE : RegionNode.of(whole.section.region()).tapsOn(whole.section);
  }

  private static boolean leadsOn(PhysSection leaf) {
    return leaf.translator != null || leaf.table != null;
  }

  private WatchedParts watched() {
    return new WatchedParts(geometry.offsetMask());
  }

  private void add(PhysSection leaf) {
    root = add(root, 0, -1, ADDRESS_BITS, leaf, leaf.first, leaf.last);
  }

  private BankTable table(MemoryRegionSection section) {
    return section.region() instanceof BankNode bank ? BankTable.of(bank, section, way, geometry, unassigned) : null;
  }

  /**
   * Removes a section.
   *
   * @param section a section of the table
   */
  public void remove(MemoryRegionSection section) {
    AddressRange range = section.range();
    PhysSection part = partOf(range, range.first());
    root = remove(root, part);
    while (part.last != range.last()) {
      part = partOf(range, part.last + 1);
      root = remove(root, part);
    }
  }

  private PhysSection partOf(AddressRange range, long first) {
    PhysSection found = at(first);
    if (found.first != first || !found.section.range().equals(range)) {
      throw new IllegalStateException("the page table has " + found.section + " where " + range + " is to go away");
    }
    return found;
  }

  private PhysSection at(long address) {
    return finish().find(address);
  }

  /**
   * A table after a tap was attached or removed.
   *
   * @param geometry the geometry of all tables of the memory system
   * @param present the table without the tap, or with it; it stays unchanged
   * @param sections the sections of the table that the tap watches
   * @param tap the tap that comes or goes
   * @param comes false if it goes
   * @return another table with the same leaves, except at the addresses that the tap watches
   */
  public static PhysPageMap watched(
      PageGeometry geometry, PhysPageMap present, List<MemoryRegionSection> sections, TapPoint tap, boolean comes) {
    PhysPageMapEditor editor = new PhysPageMapEditor(geometry, present);
    for (MemoryRegionSection section : sections) {
      editor.watch(section, tap, comes);
    }
    return editor.finish();
  }

  private void watch(MemoryRegionSection section, TapPoint tap, boolean comes) {
    PhysSection part = at(section.range().first());
    if (part.table != null) {
      root = remove(root, part);
      add(part.leadingTo(part.table.watched(tap, comes, section, geometry)));
    } else if (part.translator == null && comes) {
      watch(section, tap);
    } else if (part.translator == null) {
      unwatch(section, tap);
    }
  }

  private void watch(MemoryRegionSection section, TapPoint tap) {
    AddressRange range = tap.within(section);
    PhysSection part = at(range.first());
    long last = watched().pageLast(part, range.last());
    part = at(watched().pageFirst(part, range.first()));
    long from = part.first;
    TapIndex taps = take(part);
    while (Long.compareUnsigned(part.last, last) < 0) {
      part = at(part.last + 1);
      taps = taps.joined(take(part));
    }
    watched().of(part, from, part.last, taps.with(tap, range.first(), range.last())).forEach(this::add);
  }

  private TapIndex take(PhysSection part) {
    root = remove(root, part);
    return part.index();
  }

  private void unwatch(MemoryRegionSection section, TapPoint tap) {
    PhysSection part = at(tap.within(section).first());
    long from = takeUnwatched(part, part.first, section.range().first(), part.first - 1).first;
    long to = takeUnwatched(part, part.last, section.range().last(), part.last + 1).last;
    watched().of(part, from, to, take(part).without(tap)).forEach(this::add);
  }

  /** Removes the leaf beside another one and returns it, if it has no taps; else returns the other one. */
  private PhysSection takeUnwatched(PhysSection part, long edge, long edgeOfSection, long beside) {
    PhysSection found = edge == edgeOfSection ? part : at(beside);
    if (found.tapped) {
      return part;
    }
    root = remove(root, found);
    return found;
  }

  /**
   * Puts a section in the place of one with the same range.
   *
   * @param section the new section
   */
  public void replace(MemoryRegionSection section) {
    remove(section);
    add(section);
  }

  /**
   * Finishes.
   *
   * @return the table, ready to be published; the editor is used up
   */
  public PhysPageMap finish() {
    return new PhysPageMap(root, unassigned);
  }

  /**
   * The entry for a block of addresses after a section was added to a part of the block.
   *
   * @param entry the present entry
   * @param from the lowest of the addresses
   * @param to the highest of the addresses
   * @param bits the level of the node that leads there, below which nodes divide the block; 64 for the root
   */
  private PhysPageEntry add(
      PhysPageEntry entry, long from, long to, int bits, PhysSection added, long first, long last) {
    if (entry == unassigned || (first == from && last == to)) {
      return added;
    }
    if (entry instanceof PhysPageNode node && node.reaches(first) && node.reaches(last)) {
      return addTo(ready(node, first, last), added, first, last);
    }
    PhysPageNode around = nodeAround(entry, from, to, bits, first, last);
    return addTo(ready(around, first, last), added, first, last);
  }

  /** A node to write, whose slots keep its entries apart from a new section. */
  private PhysPageNode ready(PhysPageNode node, long first, long last) {
    int level = geometry.levelOf(node.shift);
    int shift = SlotSize.apart(node, unassigned, first, last, level);
    return shift == node.shift ? node.ownedBy(owner) : node.split(shift, unassigned, owner);
  }

  /** The lowest node whose slots cover all addresses of an entry and the new section, and lead to that entry. */
  private PhysPageNode nodeAround(PhysPageEntry entry, long from, long to, int bits, long first, long last) {
    long entryFirst = Unsigned.max(SlotSize.firstOf(entry), from);
    long entryLast = Unsigned.min(SlotSize.lastOf(entry), to);
    long lowest = Unsigned.min(entryFirst, first);
    long highest = Unsigned.max(entryLast, last);
    int level = levelOver(lowest, highest, bits);
    if (entry instanceof PhysPageNode below && geometry.levelOf(below.shift) == level) {
      PhysPageNode wider = PhysPageNode.over(lowest, highest, below.shift, unassigned, owner);
      wider.take(below);
      return wider;
    }
    int shift = SlotSize.apart(entry, lowest, highest, first, last, level, bits);
    PhysPageNode node = PhysPageNode.over(lowest, highest, shift, unassigned, owner);
    node.fill(entry, entryFirst, entryLast);
    return node;
  }

  /** The level of the lowest node that has two addresses in different slots. */
  private int levelOver(long first, long last, int bits) {
    int level = geometry.below(bits);
    while (first >>> level == last >>> level) {
      level = geometry.below(level);
    }
    return level;
  }

  private PhysPageNode addTo(PhysPageNode node, PhysSection added, long first, long last) {
    int level = geometry.levelOf(node.shift);
    int end = node.slotOf(last);
    for (int i = node.slotOf(first); i <= end; i++) {
      long from = node.firstOf(i);
      long to = node.lastOf(i);
      node.raise(i, add(node.slots[i], from, to, level, added, Unsigned.max(first, from), Unsigned.min(last, to)));
    }
    return node;
  }

  private PhysPageEntry remove(PhysPageEntry entry, PhysSection gone) {
    if (entry == gone) {
      return unassigned;
    }
    if (!(entry instanceof PhysPageNode present) || !meets(present, gone)) {
      return entry;
    }
    PhysPageEntry only = onlyBeside(present, gone);
    if (only != null) {
      return remove(only, gone);
    }
    PhysPageNode node = present.ownedBy(owner);
    int end = node.slotOf(Unsigned.min(gone.last, node.last()));
    boolean lower = false;
    for (int i = node.slotOf(Unsigned.max(gone.first, node.first)); i <= end; i++) {
      int before = node.slots[i].height();
      node.slots[i] = remove(node.slots[i], gone);
      lower |= node.slots[i].height() < before && before == node.height() - 1;
    }
    if (lower) {
      node.settle();
    }
    PhysPageEntry left = onlyBeside(node, gone);
    return left == null ? node.fitted(unassigned) : left;
  }

  private static boolean meets(PhysPageNode node, PhysSection section) {
    return Long.compareUnsigned(section.first, node.last()) <= 0 && Long.compareUnsigned(section.last, node.first) >= 0;
  }

  /** The only entry of a node besides a section that goes away; null if it has more than one. */
  private PhysPageEntry onlyBeside(PhysPageNode node, PhysSection gone) {
    PhysPageEntry only = unassigned;
    for (PhysPageEntry entry : node.slots) {
      if (entry != unassigned && entry != gone && entry != only) {
        if (only != unassigned) {
          return null;
        }
        only = entry;
      }
    }
    return only;
  }
}
