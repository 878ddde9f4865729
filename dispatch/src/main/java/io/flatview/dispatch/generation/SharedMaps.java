package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;

/** What all page maps of a memory system have in common. One writer at a time. */
public final class SharedMaps {

  private final PageGeometry geometry;
  private PhysPageMap empty;

  /**
   * What maps have in common.
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

    private Renewal() {}

    /**
     * The map of a view, made anew.
     *
     * @param view one in force
     * @return its map
     */
    public PhysPageMap of(FlatView view) {
      return rebuild(view, fresh);
    }

    /** The leaf for holes takes the place of the other. Allocates nothing. */
    public void take() {
      empty = fresh;
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
}
