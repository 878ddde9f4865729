package io.flatview.dispatch.commit;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.ViewRoot;
import java.util.Collection;
import java.util.Set;

/**
 * A view root that address spaces show. They share its view, its dispatcher and its slot in the generations, so a
 * commit that changes it costs the same for one as for thousands; only spaces with listeners are visited. Guarded by
 * the map's lock.
 *
 * <p>A commit may move spaces to another view root without changing any view. Then it publishes nothing, and a new root
 * gets its slot only with the next commit that publishes. Until then readers find the spaces in the slot of the old
 * root, which is kept even if no space shows that root any more.
 */
final class ShownRoot {

  private final ViewRoot viewRoot;
  private final AddressSpaceDispatch dispatch;
  private Set<DispatchSpace> spaces = Set.of();

  /** The spaces that have listeners. */
  private Set<DispatchSpace> heard = Set.of();

  /** The slot in which the root is published, or {@link Generation#NO_SLOT}. */
  private int slot = Generation.NO_SLOT;

  /** The view in force; null before the first commit. */
  private RenderedView view;

  /**
   * Makes a root without spaces.
   *
   * @param viewRoot the region at which rendering starts
   * @param dispatch the dispatcher that makes its maps
   */
  ShownRoot(ViewRoot viewRoot, AddressSpaceDispatch dispatch) {
    this.viewRoot = viewRoot;
    this.dispatch = dispatch;
  }

  ViewRoot viewRoot() {
    return viewRoot;
  }

  /** Whether the root is published in a slot. */
  boolean isPlaced() {
    return slot != Generation.NO_SLOT;
  }

  int slot() {
    return slot;
  }

  /** Stores the slot in which the root is published, or none. Allocates nothing. */
  void place(int in) {
    slot = in;
  }

  AddressSpaceDispatch dispatch() {
    return dispatch;
  }

  /** The view in force; null before the first commit. */
  RenderedView view() {
    return view;
  }

  /** Replaces the view. Allocates nothing. */
  void show(RenderedView next) {
    view = next;
  }

  /** The spaces that show the view, as of the last commit that was noted. */
  Collection<DispatchSpace> spaces() {
    return spaces;
  }

  /** The spaces with listeners. */
  Collection<DispatchSpace> heard() {
    return heard;
  }

  void add(DispatchSpace space) {
    spaces = Few.with(spaces, space);
    hear(space);
  }

  void remove(DispatchSpace space) {
    spaces = Few.without(spaces, space);
    heard = Few.without(heard, space);
  }

  /** Forgets the spaces, before they are added again. */
  void clear() {
    spaces = Set.of();
    heard = Set.of();
  }

  /** Called after listeners of a space were added or removed; after a removal it allocates nothing. */
  void hear(DispatchSpace space) {
    if (space.isHeard()) {
      heard = Few.with(heard, space);
    } else {
      heard = Few.without(heard, space);
    }
  }
}
