package io.flatview.dispatch.tap;

import io.flatview.memory.AccessTap;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.TapFilter;

/** An attached tap. It watches either an address space or a region. */
public final class TapPoint {

  /** No taps at all: what most leaves have. */
  public static final TapPoint[] NONE = {};

  final AddressSpace space;
  final MemoryRegion region;
  final TapFilter filter;
  final AccessTap tap;

  /**
   * Set when the tap was taken out; leaves that name it may live on for a while. Volatile: the thread that took it out
   * must not call it again, and others soon not. That no call is under way is the grace period's to say.
   */
  private volatile boolean removed;

  private TapTable table;

  private TapPoint(AddressSpace space, MemoryRegion region, TapFilter filter, AccessTap tap) {
    this.space = space;
    this.region = region;
    this.filter = filter;
    this.tap = tap;
  }

  /**
   * A tap on addresses.
   *
   * @param space where
   * @param filter which accesses
   * @param tap is told
   * @return not yet in any table
   */
  public static TapPoint on(AddressSpace space, TapFilter filter, AccessTap tap) {
    return new TapPoint(space, null, filter, tap);
  }

  /**
   * A tap on a region.
   *
   * @param region which
   * @param filter which accesses
   * @param tap is told
   * @return not yet in any table
   */
  public static TapPoint on(MemoryRegion region, TapFilter filter, AccessTap tap) {
    return new TapPoint(null, region, filter, tap);
  }

  /** Whether an access to a section may concern this tap; pages are shared between spaces, so any space counts. */
  boolean mayWatch(MemoryRegionSection section) {
    if (region != null) {
      long first = section.offsetInRegion();
      long last = section.offsetOf(section.range().last());
      return region == section.region()
          && Long.compareUnsigned(first, filter.range().last()) <= 0
          && Long.compareUnsigned(last, filter.range().first()) >= 0;
    }
    return filter.range().overlaps(section.range());
  }

  void in(TapTable of) {
    table = of;
  }

  /** Whether it was taken out. */
  boolean isRemoved() {
    return removed;
  }

  /** Takes it out of use; whoever finds time makes the leaves anew that name it. */
  public void remove() {
    removed = true;
    table.noteRemoval();
  }

  @Override
  public String toString() {
    return "tap " + tap + " on " + (region != null ? region : space) + " " + filter.range();
  }
}
