package io.flatview.dispatch;

import io.flatview.dispatch.view.SpaceView;
import io.flatview.dispatch.view.ViewDiff;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapChange;
import java.util.List;

/**
 * How a commit changes one address space, and who is told.
 *
 * @param space which
 * @param next what it shows then; null if it is being closed
 * @param change as listeners get it
 * @param diff the steps that listeners are told
 * @param listeners in ascending order
 */
record SpaceChange(
    DispatchSpace space, SpaceView next, MapChange change, ViewDiff diff, List<ListenerEntry> listeners) {

  static SpaceChange of(
      DispatchSpace space, SpaceView next, FlatView before, FlatView after, ViewDiff diff, long generation) {
    MapChange change = new MapChange(space, generation, before, after, diff.removed(), diff.added());
    return new SpaceChange(space, next, change, diff, space.listeners());
  }

  /** A replay to one listener of all that shows, or its inverse. */
  static SpaceChange alone(
      DispatchSpace space, ListenerEntry listener, FlatView before, FlatView after, long generation) {
    ViewDiff diff = ViewDiff.between(before, after);
    MapChange change = new MapChange(space, generation, before, after, diff.removed(), diff.added());
    return new SpaceChange(space, null, change, diff, List.of(listener));
  }

  boolean wantsNops() {
    for (ListenerEntry entry : listeners) {
      if (entry.nops()) {
        return true;
      }
    }
    return false;
  }

  boolean closesSpace() {
    return next == null;
  }
}
