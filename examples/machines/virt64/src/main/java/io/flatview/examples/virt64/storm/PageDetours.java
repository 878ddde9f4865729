package io.flatview.examples.virt64.storm;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last translator on the way of every device: leads pages of DRAM to where they are, or to another place where the
 * same memory shows, and everything else straight on. Pages are led by their column, the low bits of their number, so
 * that neighbours go different ways. Any thread may ask and change; a page changes at once.
 */
public final class PageDetours implements IommuTranslator {

  private static final int PAGE_SHIFT = 12;
  private static final long IN_PAGE = (1L << PAGE_SHIFT) - 1;

  private final AddressSpace bus;
  private final AddressRange dram;

  /**
   * The distance to add to the addresses of a column. The volatile store pairs with the load in {@link #translate}: a
   * thread that sees a detour sees the map as its maker saw it.
   */
  private final AtomicLongArray distances;

  /**
   * No detours.
   *
   * @param bus where everything leads
   * @param dram which of its addresses may be led elsewhere; whole pages
   * @param columns how many columns there are, a power of two
   */
  public PageDetours(AddressSpace bus, AddressRange dram, int columns) {
    this.bus = bus;
    this.dram = dram;
    this.distances = new AtomicLongArray(columns);
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    long page = address & ~IN_PAGE;
    long distance = dram.contains(page) ? distances.get(column(page)) : 0;
    entry.grant(bus, page + distance, IN_PAGE, true, true);
  }

  /** Refuses all: detours change by a store, too often to be reported. */
  @Override
  public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {
    if (!kinds.isEmpty()) {
      throw new IllegalArgumentException("detours are made without events; put the notifier on an IOMMU before them");
    }
  }

  int columns() {
    return distances.length();
  }

  /** The column of an address. */
  int column(long address) {
    return (int) (address >>> PAGE_SHIFT) & columns() - 1;
  }

  /** Leads the pages of a column to another place. */
  void lead(int column, long distance) {
    distances.set(column, distance);
  }

  /** An address in a column. */
  long sample(int column) {
    return dram.first() + ((long) (column - column(dram.first()) & columns() - 1) << PAGE_SHIFT);
  }

  long first() {
    return dram.first();
  }
}
