package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;

/**
 * The dispatcher of the address spaces with one view root: makes {@code next_map} from {@code cur_map} as sections are
 * removed and added, and switches at commit. The committer publishes {@link #nextMap} of all dispatchers with one
 * store, so the switch here only updates the writer's own field. It is called like a {@link
 * io.flatview.memory.MemoryListener}, but needs no description of the change.
 *
 * <p>Owned by the committing thread.
 */
public final class AddressSpaceDispatch {

  private final SharedMaps shared;
  private PhysPageMap curMap;
  private PhysPageMap nextMap;
  private PhysPageMapEditor editor;

  /**
   * Makes a dispatcher with an empty map.
   *
   * @param shared the common parts of maps
   */
  public AddressSpaceDispatch(SharedMaps shared) {
    this.shared = shared;
    this.curMap = shared.empty();
  }

  /**
   * Makes a dispatcher that starts from the map of another dispatcher.
   *
   * @param other the dispatcher whose map leads to the view before the first change
   */
  public AddressSpaceDispatch(AddressSpaceDispatch other) {
    this.shared = other.shared;
    this.curMap = other.curMap;
  }

  /** {@code mem_begin}. */
  public void begin() {
    nextMap = null;
    editor = shared.editorOf(curMap);
  }

  /**
   * {@code mem_add} taken back.
   *
   * @param section a section of the map
   */
  public void regionDel(MemoryRegionSection section) {
    editor.remove(section);
  }

  /**
   * {@code mem_add}.
   *
   * @param section a section at addresses that have none
   */
  public void regionAdd(MemoryRegionSection section) {
    editor.add(section);
  }

  /**
   * Replaces a section whose dirty clients change.
   *
   * @param section the section as it is from now on
   */
  public void logChanged(MemoryRegionSection section) {
    editor.replace(section);
  }

  /**
   * Completes the next map.
   *
   * @return the map to publish
   */
  public PhysPageMap nextMap() {
    nextMap = editor.finish();
    return nextMap;
  }

  /** {@code mem_commit}. */
  public void commit() {
    curMap = nextMap;
    nextMap = null;
    editor = null;
  }

  /** Drops the next map. */
  public void abort() {
    nextMap = null;
    editor = null;
  }

  /**
   * The map after a tap was attached or removed. Not called during a change.
   *
   * @param view the view that the map is for
   * @param tap the tap that comes or goes
   * @param comes false if it goes
   * @return the map in force if the tap watches nothing of the view
   */
  public PhysPageMap watched(FlatView view, TapPoint tap, boolean comes) {
    return shared.watched(view, curMap, tap, comes);
  }

  /**
   * Whether a map is the map in force.
   *
   * @param map the map to compare with
   * @return false for every other
   */
  public boolean has(PhysPageMap map) {
    return curMap == map;
  }

  /**
   * Replaces the map in force by one with the same sections. Not called during a change.
   *
   * @param map the map from now on
   */
  public void renew(PhysPageMap map) {
    curMap = map;
  }
}
