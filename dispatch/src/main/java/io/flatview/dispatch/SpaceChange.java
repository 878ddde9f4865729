package io.flatview.dispatch;

import io.flatview.dispatch.view.SpaceView;
import io.flatview.dispatch.view.ViewDiff;
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
    DispatchSpace space, SpaceView next, MapChange change, ViewDiff diff, List<ListenerEntry> listeners) {}
