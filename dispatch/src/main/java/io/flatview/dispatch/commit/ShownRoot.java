package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.Rendering;
import io.flatview.dispatch.view.ViewRoot;
import io.flatview.memory.AddressRange;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/**
 * A view root that address spaces show. They share its view, its dispatcher and its slot in the generations, so a
 * commit that changes it costs the same for one as for thousands; only those that have listeners are visited. Guarded
 * by the map's lock.
 *
 * <p>A commit may move spaces to another view root and change no view. It publishes nothing then, and a new root has no
 * slot until the next commit that publishes; until then readers find its spaces in the slot of the old root, which is
 * kept that long even if it has no space left.
 */
final class ShownRoot {

  private static final int USUAL = 1;

  private final ViewRoot viewRoot;
  private final AddressSpaceDispatch dispatch;
  private final List<ListenerEntry> listeners;
  private final SequencedSet<DispatchSpace> spaces = new LinkedHashSet<>(USUAL);

  /** Those of them that have listeners. */
  private final Set<DispatchSpace> heard = new LinkedHashSet<>(USUAL);

  /** The slot in which it is published, if it is. */
  private int slot = Generation.NO_SLOT;

  /** The rendering that its spaces show; null before the first commit. */
  private Rendering shown;

  /**
   * Makes a root without spaces.
   *
   * @param viewRoot the region at which rendering starts
   * @param dispatch the dispatcher that makes its maps
   */
  ShownRoot(ViewRoot viewRoot, AddressSpaceDispatch dispatch) {
    this.viewRoot = viewRoot;
    this.dispatch = dispatch;
    this.listeners = List.of(ListenerEntry.of(dispatch, AddressRange.ALL, -1));
  }

  ViewRoot viewRoot() {
    return viewRoot;
  }

  /** Whether it is published in a slot of its own. */
  boolean isPlaced() {
    return slot != Generation.NO_SLOT;
  }

  int slot() {
    return slot;
  }

  /** Notes the slot in which it is published, or none. Allocates nothing. */
  void place(int in) {
    slot = in;
  }

  AddressSpaceDispatch dispatch() {
    return dispatch;
  }

  /** The dispatcher as a listener. */
  List<ListenerEntry> listeners() {
    return listeners;
  }

  /** The rendering that its spaces show; null before the first commit. */
  Rendering shown() {
    return shown;
  }

  RenderedView view() {
    return shown.view();
  }

  /** Replaces the rendering. Allocates nothing. */
  void show(Rendering next) {
    shown = next;
  }

  /** The spaces that show the view; those that have just come or go are missing until the commit is noted. */
  Collection<DispatchSpace> spaces() {
    return spaces;
  }

  /** One of the spaces; there must be one. */
  DispatchSpace first() {
    return spaces.getFirst();
  }

  /** The spaces with listeners. */
  Collection<DispatchSpace> heard() {
    return heard;
  }

  void add(DispatchSpace space) {
    spaces.add(space);
    hear(space);
  }

  void remove(DispatchSpace space) {
    spaces.remove(space);
    heard.remove(space);
  }

  /** Forgets its spaces, which are added again. */
  void clear() {
    spaces.clear();
    heard.clear();
  }

  /** Call after a space's listeners have changed; if they are fewer, that allocates nothing. */
  void hear(DispatchSpace space) {
    if (space.isHeard()) {
      heard.add(space);
    } else {
      heard.remove(space);
    }
  }
}
