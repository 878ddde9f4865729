package io.flatview.dispatch.listener;

import io.flatview.dispatch.view.ViewDiff;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapChange;
import java.util.List;

/**
 * The change for which the listeners of one address space are called.
 *
 * @param change the change as listeners get it
 * @param diff the sections of the two passes
 * @param listeners the listeners in ascending order
 */
public record SpaceNotice(MapChange change, ViewDiff diff, List<ListenerEntry> listeners) {

  /**
   * A change of an address space.
   *
   * @param space the address space
   * @param generation the number that the change makes
   * @param before the view in force
   * @param after the view from then on
   * @param diff the difference of the two views
   * @param listeners the listeners in ascending order
   * @return a new notice
   */
  public static SpaceNotice of(
      AddressSpace space, long generation, FlatView before, FlatView after, ViewDiff diff,
      List<ListenerEntry> listeners) {
    return new SpaceNotice(
        new MapChange(space, generation, before, after, diff.removed(), diff.added()), diff, listeners);
  }

  /**
   * A replay of all sections to one listener, or its inverse.
   *
   * @param space the address space
   * @param generation the number in force
   * @param before the old view, empty for a replay
   * @param after the new view, empty for the inverse
   * @param listener the listener that comes or goes
   * @return a new notice
   */
  public static SpaceNotice alone(
      AddressSpace space, long generation, FlatView before, FlatView after, ListenerEntry listener) {
    return of(space, generation, before, after, ViewDiff.between(before, after), List.of(listener));
  }

  boolean wantsNops() {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).nops()) {
        return true;
      }
    }
    return false;
  }
}
