package io.flatview.examples.virt64.storm;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last translator on the way of every device: leads pages of DRAM to where they are, or to another place where the
 * same memory shows, and everything else straight on. Pages are led by their column, the low bits of their number, so
 * that neighbours go different ways. Any thread may ask and change; a page changes at once.
 */
public final class PageDetours implements IommuTranslator {

  /** How many columns there are. */
  static final int COLUMNS = 64;

  private static final int PAGE_SHIFT = 12;
  private static final long IN_PAGE = (1L << PAGE_SHIFT) - 1;

  private final AddressSpace bus;
  private final AddressRange dram;

  /**
   * The distance to add to the addresses of a column. The volatile store pairs with the load in {@link #translate}: a
   * thread that sees a detour sees the map as its maker saw it.
   */
  private final AtomicLongArray distances = new AtomicLongArray(COLUMNS);

  /**
   * No detours.
   *
   * @param bus where everything leads
   * @param dram which of its addresses may be led elsewhere; whole pages
   */
  public PageDetours(AddressSpace bus, AddressRange dram) {
    this.bus = bus;
    this.dram = dram;
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    long page = address & ~IN_PAGE;
    long distance = dram.contains(page) ? distances.get(column(page)) : 0;
    entry.grant(bus, page + distance, IN_PAGE, true, true);
  }

  private static int column(long page) {
    return (int) (page >>> PAGE_SHIFT) & COLUMNS - 1;
  }

  /** Leads the pages of a column to another place. */
  void lead(int column, long distance) {
    distances.set(column, distance);
  }

  /** An address in a column. */
  long sample(int column) {
    return dram.first() + ((long) (column - column(dram.first()) & COLUMNS - 1) << PAGE_SHIFT);
  }

  long first() {
    return dram.first();
  }
}
