package io.flatview.dispatch.tap;

import io.flatview.dispatch.tap.TapIndex.Entry;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The taps of a memory system. Guarded by the map's lock, except for the list of removed taps, to which any thread
 * adds; the list has this object's lock, under which only fields are read and stored.
 *
 * <p>A change is prepared first. It is made by stores of references after the leaves that refer to the tap are
 * published.
 */
public final class TapTable {

  private static final int FEW = 2;

  /** The taps by offset, for each region that a tap watches. */
  private Map<MemoryRegion, TapTree> regions = Map.of();

  /**
   * The taps on addresses, of all spaces. Volatile, since readers search here at a hole, as all maps share one leaf for
   * holes. So a tap on a hole takes effect at once, also for readers of an older generation.
   */
  private volatile TapTree spaces = TapTree.NONE;

  /** The tap that was removed last of those to which leaves still refer; it links to the others. */
  private volatile TapPoint removed;

  private long attached;

  /** Makes a table without taps. */
  public TapTable() {}

  /** The addition or removal of a tap, made after the leaves are published. */
  public final class Change {

    private final MemoryRegion region;
    private final TapTree after;

    private Change(MemoryRegion region, TapTree after) {
      this.region = region;
      this.after = after;
    }

    /** Makes the change. Allocates nothing. */
    public void take() {
      if (region == null) {
        spaces = after;
      } else if (after.isEmpty()) {
        regions.remove(region);
      } else {
        regions.put(region, after);
      }
    }
  }

  /**
   * Prepares to attach a tap.
   *
   * @param tap a tap that is not in the table
   * @return the change that adds it
   */
  public Change attach(TapPoint tap) {
    tap.in(this, attached++);
    Change change = new Change(tap.region, treeOf(tap).with(tap));
    if (tap.region != null) {
      reserve(tap.region);
    }
    return change;
  }

  /** Allocates the entry of a region, so that the change allocates nothing. */
  private void reserve(MemoryRegion region) {
    if (regions.isEmpty()) {
      regions = new IdentityHashMap<>(FEW);
    }
    if (regions.putIfAbsent(region, TapTree.NONE) == null) {
      regions.remove(region);
    }
  }

  /**
   * Prepares to detach a tap.
   *
   * @param tap a tap of the table
   * @return the change that removes it
   */
  public Change detach(TapPoint tap) {
    return new Change(tap.region, treeOf(tap).without(tap));
  }

  private TapTree treeOf(TapPoint tap) {
    return tap.region == null ? spaces : regions.getOrDefault(tap.region, TapTree.NONE);
  }

  /** Notes a removed tap to which leaves still refer, unless it was noted before. Allocates nothing. */
  synchronized void noteRemoved(TapPoint tap) {
    if (!tap.isNoted) {
      tap.isNoted = true;
      tap.nextRemoved = removed;
      removed = tap;
    }
  }

  /**
   * Whether leaves still refer to removed taps.
   *
   * @return true until they are swept
   */
  public boolean isStale() {
    return removed != null;
  }

  /**
   * A removed tap that is still in the table.
   *
   * @return the last one, or null
   */
  public TapPoint removed() {
    return removed;
  }

  /**
   * Notes that no leaf refers to a tap any more. Allocates nothing.
   *
   * @param tap the result of {@link #removed}
   */
  public synchronized void forget(TapPoint tap) {
    if (removed == tap) {
      removed = tap.nextRemoved;
    } else {
      TapPoint before = removed;
      while (before.nextRemoved != tap) {
        before = before.nextRemoved;
      }
      before.nextRemoved = tap.nextRemoved;
    }
  }

  /**
   * The taps for accesses to holes.
   *
   * @return the taps by address, which come and go with the table's
   */
  public TapsOnHoles onHoles() {
    return new TapsOnHoles(this);
  }

  /** The taps on addresses of all spaces. */
  TapTree onSpaces() {
    return spaces;
  }

  /**
   * The taps that may watch accesses to a section. Spaces share leaves, so taps on the same addresses of any space are
   * included.
   *
   * @param section a section of any view
   * @return the taps by address
   */
  public TapIndex on(MemoryRegionSection section) {
    TapTree ofRegion = regions.getOrDefault(section.region(), TapTree.NONE);
    if (ofRegion.isEmpty() && spaces.isEmpty()) {
      return TapIndex.NONE;
    }
    TapMatches found = new TapMatches();
    long first = section.range().first();
    long last = section.range().last();
    spaces.find(first, last, found);
    ofRegion.find(section.offsetOf(first), section.offsetOf(last), found);
    List<Entry> entries = new ArrayList<>(found.count());
    for (int i = 0; i < found.count(); i++) {
      AddressRange watched = found.get(i).within(section);
      entries.add(new Entry(found.get(i), watched.first(), watched.last()));
    }
    return TapIndex.of(entries);
  }
}
