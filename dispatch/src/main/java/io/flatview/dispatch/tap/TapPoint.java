package io.flatview.dispatch.tap;

import io.flatview.memory.Access;
import io.flatview.memory.AccessTap;
import io.flatview.memory.AccessWatch;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.TapFilter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** An attached tap or watch, of an address space or of a region. */
public final class TapPoint implements Comparable<TapPoint> {

  final AddressSpace space;
  final MemoryRegion region;
  final TapFilter filter;

  /** The bits of the kinds of access for which it is called. */
  final int kinds;

  /** The tap, called after accesses; null for a watch. */
  final AccessTap tap;

  /** The watch, called before accesses; null for a tap. */
  final AccessWatch watch;

  /**
   * Whether the tap was removed; leaves may still refer to it for a while. Volatile, so that the removing thread never
   * calls it again, and other threads soon stop. After the grace period no call is under way.
   */
  private volatile boolean removed;

  /** A serial number, in the order in which taps were attached, which is the order of calls. */
  long number;

  /** The tap that was removed before this one; guarded by the lock of the {@link TapTable}. */
  TapPoint nextRemoved;

  /** Whether the table knows that the tap was removed; guarded by its lock. */
  boolean isNoted;

  private TapTable table;

  private TapPoint(
      AddressSpace space, MemoryRegion region, TapFilter filter, AccessTap tap, AccessWatch watch) {
    this.space = space;
    this.region = region;
    this.filter = filter;
    this.kinds = Stream.of(Access.values()).filter(filter::tells).mapToInt(Access::bit).sum();
    this.tap = tap;
    this.watch = watch;
  }

  /**
   * A tap on addresses.
   *
   * @param space the address space
   * @param filter the accesses for which it is called
   * @param tap is called after these accesses
   * @return a new point that is in no table yet
   */
  public static TapPoint on(AddressSpace space, TapFilter filter, AccessTap tap) {
    return new TapPoint(space, null, filter, tap, null);
  }

  /**
   * A tap on a region.
   *
   * @param region the region
   * @param filter the accesses for which it is called
   * @param tap is called after these accesses
   * @return a new point that is in no table yet
   */
  public static TapPoint on(MemoryRegion region, TapFilter filter, AccessTap tap) {
    return new TapPoint(null, region, filter, tap, null);
  }

  /**
   * A watch on addresses.
   *
   * @param space the address space
   * @param filter the accesses for which it is called
   * @param watch is called before these accesses
   * @return a new point that is in no table yet
   */
  public static TapPoint before(AddressSpace space, TapFilter filter, AccessWatch watch) {
    return new TapPoint(space, null, filter, null, watch);
  }

  /**
   * A watch on a region.
   *
   * @param region the region
   * @param filter the accesses for which it is called
   * @param watch is called before these accesses
   * @return a new point that is in no table yet
   */
  public static TapPoint before(MemoryRegion region, TapFilter filter, AccessWatch watch) {
    return new TapPoint(null, region, filter, null, watch);
  }

  /**
   * The addresses of a section that the tap watches, in any space that shows the section.
   *
   * @param section a section of any view
   * @return null if it watches none of them
   */
  public AddressRange within(MemoryRegionSection section) {
    if (region == null) {
      return filter.range().intersect(section.range()).orElse(null);
    }
    long toOffset = section.offsetInRegion() - section.range().first();
    AddressRange offsets = new AddressRange(section.offsetInRegion(), section.offsetOf(section.range().last()));
    return region != section.region() ? null : filter.range().intersect(offsets)
        .map(watched -> new AddressRange(watched.first() - toOffset, watched.last() - toOffset)).orElse(null);
  }

  /**
   * The sections that the tap watches, and those of banks that may show such a section.
   *
   * @param all the sections of a view, in ascending order
   * @return some of them
   */
  public List<MemoryRegionSection> sectionsOf(List<MemoryRegionSection> all) {
    return region == null
        ? all.subList(countEndingBefore(all, filter.range().first()), countBeginningUpTo(all, filter.range().last()))
        : all.stream().filter(this::watchesPart).toList();
  }

  private boolean watchesPart(MemoryRegionSection section) {
    return section.region() instanceof MemoryRegion.Bank
        ? section.possible().anyMatch(shown -> within(shown) != null)
        : within(section) != null;
  }

  private static int countEndingBefore(List<MemoryRegionSection> all, long address) {
    return count(all, section -> Long.compareUnsigned(section.range().last(), address) < 0);
  }

  private static int countBeginningUpTo(List<MemoryRegionSection> all, long address) {
    return count(all, section -> Long.compareUnsigned(section.range().first(), address) <= 0);
  }

  /** The number of sections before the first for which a predicate is false; found by binary search. */
  private static int count(List<MemoryRegionSection> all, Predicate<MemoryRegionSection> comesBefore) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (comesBefore.test(all.get(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void in(TapTable of, long order) {
    table = of;
    number = order;
  }

  /** The order in which taps were attached. */
  @Override
  public int compareTo(TapPoint other) {
    return Long.compare(number, other.number);
  }

  /** Whether the tap was removed. */
  boolean isRemoved() {
    return removed;
  }

  /** Marks the tap as removed; leaves that refer to it are rebuilt later. If this fails, it can be called again. */
  public void remove() {
    removed = true;
    table.noteRemoved(this);
  }

  @Override
  public String toString() {
    String observer = watch == null ? "tap " + tap : "watch " + watch;
    return observer + " on " + (region != null ? region : space) + " " + filter.range();
  }
}
