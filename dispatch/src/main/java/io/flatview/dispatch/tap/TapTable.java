package io.flatview.dispatch.tap;

import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * The taps of a memory system, in the order in which they were attached. Guarded by the map's lock, but for the
 * note that a tap was taken out, which any thread makes.
 */
public final class TapTable {

  private final List<TapPoint> taps = new ArrayList<>();

  /** Leaves name taps that were taken out. Volatile, set by any thread, cleared before they are swept. */
  private volatile boolean stale;

  /** No taps. */
  public TapTable() {}

  /**
   * Attaches a tap; leaves made from now on know it.
   *
   * @param tap not in the table
   */
  public void add(TapPoint tap) {
    tap.in(this);
    taps.add(tap);
  }

  /**
   * Detaches a tap that no leaf names.
   *
   * @param tap in the table
   */
  public void remove(TapPoint tap) {
    taps.remove(tap);
  }

  /** Leaves still name taps that were taken out, since they could not be made anew. */
  public void noteStale() {
    stale = true;
  }

  void noteRemoval() {
    stale = true;
  }

  /**
   * Whether taps were taken out that leaves still name.
   *
   * @return true until they are swept
   */
  public boolean isStale() {
    return stale;
  }

  /** Forgets the taps that were taken out; the leaves are to be made anew. */
  public void sweep() {
    stale = false;
    taps.removeIf(TapPoint::isRemoved);
  }

  /**
   * Who may watch accesses to a section.
   *
   * @param section any
   * @return {@link TapPoint#NONE} for most; in the order in which they are told
   */
  public TapPoint[] of(MemoryRegionSection section) {
    if (taps.isEmpty()) {
      return TapPoint.NONE;
    }
    TapPoint[] found = taps.stream().filter(tap -> tap.mayWatch(section)).toArray(TapPoint[]::new);
    return found.length == 0 ? TapPoint.NONE : found;
  }
}
