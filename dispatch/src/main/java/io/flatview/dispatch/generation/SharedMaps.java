package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.IdentityHashMap;
import java.util.Map;

/** The page maps of the views in force: address spaces that share a view share its map. One writer at a time. */
public final class SharedMaps {

  private final PageGeometry geometry;
  private PhysPageMap empty;
  private final Map<FlatView, PhysPageMap> maps = new IdentityHashMap<>();

  /**
   * No maps yet.
   *
   * @param geometry of their pages
   * @param unassigned the section for holes, over all addresses
   */
  public SharedMaps(PageGeometry geometry, MemoryRegionSection unassigned) {
    this.geometry = geometry;
    this.empty = PhysPageMap.empty(new PhysSection(unassigned));
  }

  /**
   * How addresses are looked up.
   *
   * @return the geometry of all maps
   */
  public PageGeometry geometry() {
    return geometry;
  }

  PhysPageMapEditor editorOf(PhysPageMap present) {
    return new PhysPageMapEditor(geometry, present);
  }

  PhysPageMap of(FlatView view) {
    return maps.get(view);
  }

  void share(FlatView view, PhysPageMap map) {
    maps.put(view, map);
  }

  /**
   * Makes the map of a view in force anew, since something that leaves know has changed.
   *
   * @param view which
   * @return its map from now on
   */
  public PhysPageMap renew(FlatView view) {
    PhysPageMap map = rebuild(view);
    share(view, map);
    return map;
  }

  /** Makes the leaf for holes anew, since something that leaves know has changed. */
  public void renewEmpty() {
    empty = PhysPageMap.empty(new PhysSection(empty.unassigned().section));
  }

  /**
   * The map in which nothing shows.
   *
   * @return the same until its leaf is made anew
   */
  public PhysPageMap empty() {
    return empty;
  }

  /**
   * Builds a map in full: the reference for what dispatchers make step by step.
   *
   * @param view what it leads to
   * @return a map of its own
   */
  public PhysPageMap rebuild(FlatView view) {
    PhysPageMapEditor editor = editorOf(empty);
    view.sections().forEach(editor::add);
    return editor.finish();
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
