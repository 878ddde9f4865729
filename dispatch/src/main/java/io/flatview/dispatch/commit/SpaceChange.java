package io.flatview.dispatch.commit;

import io.flatview.dispatch.listener.SpaceNotice;
import io.flatview.dispatch.view.SpaceView;
import io.flatview.memory.MapChange;

/**
 * How a commit changes one address space.
 *
 * @param space the address space
 * @param next what it shows then; null if it is being closed
 * @param notice what its listeners are called for
 */
record SpaceChange(DispatchSpace space, SpaceView next, SpaceNotice notice) {

  MapChange change() {
    return notice.change();
  }

  boolean closesSpace() {
    return next == null;
  }
}
