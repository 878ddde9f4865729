package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapBuilder;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;

/**
 * The dispatcher of one address space, itself a listener: it builds {@code next_map} beside {@code cur_map} as sections
 * are added and kept, and switches at commit. The committer publishes {@link #nextMap()} of all dispatchers with one
 * store, so the switch here is only the writer's own note of it.
 *
 * <p>Owned by the committing thread.
 */
public final class AddressSpaceDispatch implements MemoryListener {

  private final SharedMaps shared;
  private PhysPageMap curMap;
  private PhysPageMap nextMap;
  private PhysPageMapBuilder building;

  /**
   * A dispatcher of an empty address space.
   *
   * @param shared the maps in force
   */
  public AddressSpaceDispatch(SharedMaps shared) {
    this.shared = shared;
  }

  /** Before all others: the next map is complete when they are told, and it is the last to forget a section. */
  @Override
  public int priority() {
    return Integer.MIN_VALUE;
  }

  /** {@code mem_begin}: a map that another address space built for the same view is taken over. */
  @Override
  public void begin(MapChange change) {
    nextMap = shared.of(change.after());
    building = nextMap == null ? shared.builder() : null;
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    memAdd(section);
  }

  @Override
  public void regionNop(MemoryRegionSection section) {
    memAdd(section);
  }

  private void memAdd(MemoryRegionSection section) {
    if (building != null) {
      building.add(section);
    }
  }

  /**
   * Completes the next map.
   *
   * @param change the change that began it
   * @return the map to publish
   */
  public PhysPageMap nextMap(MapChange change) {
    if (nextMap == null) {
      nextMap = shared.of(change.after());
    }
    if (nextMap == null) {
      nextMap = building.build();
      shared.share(change.after(), nextMap);
    }
    building = null;
    return nextMap;
  }

  /** {@code mem_commit}. */
  @Override
  public void commit(MapChange change) {
    curMap = nextMap;
    nextMap = null;
  }

  @Override
  public void abort(MapChange change) {
    nextMap = null;
    building = null;
  }

  /**
   * The map in force.
   *
   * @return null before the first commit
   */
  public PhysPageMap curMap() {
    return curMap;
  }
}
