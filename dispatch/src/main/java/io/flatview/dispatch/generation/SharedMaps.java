package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** The page maps of the views in force: address spaces that share a view share its map. One writer at a time. */
public final class SharedMaps {

  private final PageGeometry geometry;
  private PhysPageMap empty;
  private Map<FlatView, PhysPageMap> maps = new IdentityHashMap<>();

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
   * Begins to make all maps anew, since something that leaves know has changed.
   *
   * @return maps beside those in force
   */
  public Renewal renewal() {
    return new Renewal();
  }

  /** Maps of the views in force that are made anew, beside those in force until they are taken. */
  public final class Renewal {

    private final PhysPageMap fresh = PhysPageMap.empty(new PhysSection(empty.unassigned().section));
    private final Map<FlatView, PhysPageMap> made = new IdentityHashMap<>();

    private Renewal() {}

    /**
     * The map of a view, made anew once.
     *
     * @param view one in force
     * @return its map
     */
    public PhysPageMap of(FlatView view) {
      return made.computeIfAbsent(view, _ -> rebuild(view, fresh));
    }

    /** The maps that were made, of all views in force, take the place of the others. Allocates nothing. */
    public void take() {
      empty = fresh;
      maps = made;
    }
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
    return rebuild(view, empty);
  }

  private PhysPageMap rebuild(FlatView view, PhysPageMap from) {
    PhysPageMapEditor editor = editorOf(from);
    view.sections().forEach(editor::add);
    return editor.finish();
  }

  /**
   * Forgets the maps of all views but some.
   *
   * @param shown by identity
   */
  public void keepOnly(Set<FlatView> shown) {
    maps.keySet().retainAll(shown);
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
