package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapBuilder;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.IdentityHashMap;
import java.util.Map;

/** The page maps of the views in force: address spaces that share a view share its map. One writer at a time. */
public final class SharedMaps {

  private final PageGeometry geometry;
  private final MemoryRegionSection unassigned;
  private final Map<FlatView, PhysPageMap> maps = new IdentityHashMap<>();

  /**
   * No maps yet.
   *
   * @param geometry of their pages
   * @param unassigned the section for holes, over all addresses
   */
  public SharedMaps(PageGeometry geometry, MemoryRegionSection unassigned) {
    this.geometry = geometry;
    this.unassigned = unassigned;
  }

  PhysPageMapBuilder builder() {
    return new PhysPageMapBuilder(geometry, unassigned);
  }

  PhysPageMap of(FlatView view) {
    return maps.get(view);
  }

  void share(FlatView view, PhysPageMap map) {
    maps.put(view, map);
  }

  /**
   * A map in which nothing shows.
   *
   * @return a new map
   */
  public PhysPageMap empty() {
    return builder().build();
  }

  /**
   * A view is not shown any more.
   *
   * @param view which
   */
  public void forget(FlatView view) {
    maps.remove(view);
  }
}
