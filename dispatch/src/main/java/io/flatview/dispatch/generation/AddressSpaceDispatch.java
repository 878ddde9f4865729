package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysPageMapEditor;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;

/**
 * The dispatcher of one address space, itself a listener: it makes {@code next_map} from {@code cur_map} as sections go
 * and come, and switches at commit. The committer publishes {@link #nextMap} of all dispatchers with one store, so the
 * switch here is only the writer's own note of it.
 *
 * <p>Owned by the committing thread.
 */
public final class AddressSpaceDispatch implements MemoryListener {

  private final SharedMaps shared;
  private PhysPageMap curMap;
  private PhysPageMap nextMap;
  private PhysPageMapEditor editor;

  /**
   * A dispatcher of an empty address space.
   *
   * @param shared the maps in force
   */
  public AddressSpaceDispatch(SharedMaps shared) {
    this.shared = shared;
    this.curMap = shared.empty();
  }

  /** Before all others: the next map is complete when they are told, and it is the last to forget a section. */
  @Override
  public int priority() {
    return Integer.MIN_VALUE;
  }

  /** {@code mem_begin}: a map that another address space made for the same view is taken over. */
  @Override
  public void begin(MapChange change) {
    nextMap = shared.of(change.after());
    editor = nextMap == null ? shared.editorOf(present(change)) : null;
  }

  /** An empty map is the one that all share, also if the leaf for holes was made anew since. */
  private PhysPageMap present(MapChange change) {
    return change.before().sections().isEmpty() ? shared.empty() : curMap;
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    if (editor != null) {
      editor.remove(section);
    }
  }

  /** {@code mem_add}. */
  @Override
  public void regionAdd(MemoryRegionSection section) {
    if (editor != null) {
      editor.add(section);
    }
  }

  @Override
  public void logStart(MemoryRegionSection section, int before, int after) {
    replace(section);
  }

  @Override
  public void logStop(MemoryRegionSection section, int before, int after) {
    replace(section);
  }

  private void replace(MemoryRegionSection section) {
    if (editor != null) {
      editor.replace(section);
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
      nextMap = editor.finish();
      shared.share(change.after(), nextMap);
    }
    editor = null;
    return nextMap;
  }

  /** {@code mem_commit}; an address space that is closed has no next map. */
  @Override
  public void commit(MapChange change) {
    curMap = nextMap == null ? shared.empty() : nextMap;
    nextMap = null;
    editor = null;
  }

  @Override
  public void abort(MapChange change) {
    nextMap = null;
    editor = null;
  }

  /**
   * Replaces the map in force by one that leads to the same; not during a change.
   *
   * @param map the other
   */
  public void renew(PhysPageMap map) {
    curMap = map;
  }
}
