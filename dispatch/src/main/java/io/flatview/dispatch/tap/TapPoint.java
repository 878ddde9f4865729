package io.flatview.dispatch.tap;

import io.flatview.memory.Access;
import io.flatview.memory.AccessTap;
import io.flatview.memory.AccessWatch;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.TapFilter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** An attached tap, or a watch. It looks either at an address space or at a region. */
public final class TapPoint {

  private static final VarHandle REMOVED = removedHandle();

  final AddressSpace space;
  final MemoryRegion region;
  final TapFilter filter;

  /** The bits of the kinds of accesses that concern it. */
  final int kinds;

  /** Called after accesses, or null. */
  final AccessTap tap;

  /** Asked before accesses, or null. */
  final AccessWatch watch;

  /**
   * Set when the tap was taken out; leaves that name it may live on for a while. Volatile: the thread that took it out
   * must not call it again, and others soon not. That no call is under way is the grace period's to say.
   */
  private volatile boolean removed;

  /** Grows in the order in which taps are attached, and called. */
  long number;

  /** Another one that was taken out before this; see {@link TapTable}. */
  TapPoint nextRemoved;

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

  private static VarHandle removedHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(TapPoint.class, "removed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
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
    return new TapPoint(space, null, filter, tap, null);
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
    return new TapPoint(null, region, filter, tap, null);
  }

  /**
   * A watch on addresses.
   *
   * @param space where
   * @param filter which accesses
   * @param watch is asked
   * @return not yet in any table
   */
  public static TapPoint before(AddressSpace space, TapFilter filter, AccessWatch watch) {
    return new TapPoint(space, null, filter, null, watch);
  }

  /**
   * A watch on a region.
   *
   * @param region which
   * @param filter which accesses
   * @param watch is asked
   * @return not yet in any table
   */
  public static TapPoint before(MemoryRegion region, TapFilter filter, AccessWatch watch) {
    return new TapPoint(null, region, filter, null, watch);
  }

  /**
   * Which addresses of a section the tap watches, in whatever space the section shows.
   *
   * @param section any
   * @return null for none
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
   * @param all in ascending order, as a view has them
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

  /** How many sections come before the first for which something is false. */
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

  /** Whether it was taken out. */
  boolean isRemoved() {
    return removed;
  }

  /** Takes it out of use; leaves that know it are made anew later. */
  public void remove() {
    if (REMOVED.compareAndSet(this, false, true)) {
      table.noteRemoved(this);
    }
  }

  @Override
  public String toString() {
    String observer = watch == null ? "tap " + tap : "watch " + watch;
    return observer + " on " + (region != null ? region : space) + " " + filter.range();
  }
}
