package io.flatview.dispatch.tap;

import io.flatview.dispatch.tap.TapIndex.Entry;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The taps of a memory system. Guarded by the map's lock, but for the taps that were taken out, to which any thread
 * adds.
 *
 * <p>A change is prepared, and taken by stores of references once the leaves that know of it are published.
 */
public final class TapTable {

  /** By offset, for each region that a tap watches. */
  private final Map<MemoryRegion, TapTree> regions = new IdentityHashMap<>();

  /**
   * By address, those of all spaces. Volatile, since readers look here for a hole, whose leaf all maps share: a tap on
   * one may so be called a little before its generation is published, or not be found a little before.
   */
  private volatile TapTree spaces = TapTree.NONE;

  /** The last that was taken out and that leaves still know, and through it the others. */
  private final AtomicReference<TapPoint> removed = new AtomicReference<>();

  private long attached;

  /** No taps. */
  public TapTable() {}

  /** One tap more or less, to be taken once the leaves know of it. */
  public final class Change {

    private final MemoryRegion region;
    private final TapTree after;

    private Change(MemoryRegion region, TapTree after) {
      this.region = region;
      this.after = after;
    }

    /** Makes it. Allocates nothing. */
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
   * @param tap not in the table
   * @return leaves the table with it
   */
  public Change attach(TapPoint tap) {
    tap.in(this, attached++);
    Change change = new Change(tap.region, treeOf(tap).with(tap));
    if (tap.region != null) {
      reserve(tap.region);
    }
    return change;
  }

  /** Makes room, so that the change allocates nothing. */
  private void reserve(MemoryRegion region) {
    if (regions.putIfAbsent(region, TapTree.NONE) == null) {
      regions.remove(region);
    }
  }

  /**
   * Prepares to detach a tap.
   *
   * @param tap in the table
   * @return leaves the table without it
   */
  public Change detach(TapPoint tap) {
    return new Change(tap.region, treeOf(tap).without(tap));
  }

  private TapTree treeOf(TapPoint tap) {
    return tap.region == null ? spaces : regions.getOrDefault(tap.region, TapTree.NONE);
  }

  /** Leaves know a tap that was taken out. Allocates nothing. */
  void noteRemoved(TapPoint tap) {
    TapPoint last;
    do {
      last = removed.getPlain();
      tap.nextRemoved = last;
    } while (!removed.compareAndSet(last, tap));
  }

  /**
   * Whether taps were taken out that leaves still know.
   *
   * @return true until they are swept
   */
  public boolean isStale() {
    return removed.get() != null;
  }

  /**
   * A tap that was taken out and is in the table.
   *
   * @return the last one, or null
   */
  public TapPoint removed() {
    return removed.get();
  }

  /**
   * The leaves know a tap no more. Allocates nothing.
   *
   * @param tap that {@link #removed} gave
   */
  public void forget(TapPoint tap) {
    if (!removed.compareAndSet(tap, tap.nextRemoved)) {
      TapPoint before = removed.get();
      while (before.nextRemoved != tap) {
        before = before.nextRemoved;
      }
      before.nextRemoved = tap.nextRemoved;
    }
  }

  /**
   * The taps on addresses, for holes.
   *
   * @return by address
   */
  public TapSet onSpaces() {
    return spaces;
  }

  /**
   * The taps that may watch accesses to a section; pages are shared between spaces, so those of any space count.
   *
   * @param section any
   * @return by address
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
