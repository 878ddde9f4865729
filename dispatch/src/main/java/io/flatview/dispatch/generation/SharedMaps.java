package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/** The parts that all page maps of a memory system have in common. One writer at a time. */
public final class SharedMaps {

  private final PageGeometry geometry;
  private final PhysPageMap empty;

  /**
   * Makes the common parts.
   *
   * @param geometry the geometry of their pages
   * @param unassigned the section for holes, over all addresses
   */
  public SharedMaps(PageGeometry geometry, MemoryRegionSection unassigned) {
    this.geometry = geometry;
    this.empty = PhysPageMap.empty(PhysSection.unassigned(unassigned));
  }

  /**
   * The levels of the page tables.
   *
   * @return the geometry of all maps
   */
  public PageGeometry geometry() {
    return geometry;
  }

  PhysPageMapEditor editorOf(PhysPageMap present) {
    return new PhysPageMapEditor(geometry, present);
  }

  /** The map of a view after a tap was attached or removed; the same map if the tap watches nothing in the view. */
  PhysPageMap watched(FlatView view, PhysPageMap present, TapPoint tap, boolean comes) {
    List<MemoryRegionSection> sections = tap.sectionsOf(view.sections());
    return sections.isEmpty() ? present : PhysPageMapEditor.watched(geometry, present, sections, tap, comes);
  }

  /**
   * The empty map.
   *
   * @return always the same
   */
  public PhysPageMap empty() {
    return empty;
  }

  /**
   * Builds a map in full: the reference for maps that dispatchers patch.
   *
   * @param view the view that it leads to
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
