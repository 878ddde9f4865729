package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.Rendering;
import io.flatview.dispatch.view.Rendering.Refreshed;
import io.flatview.dispatch.view.ViewDiff;

/** The change that a commit makes to one view root. */
final class RootChange {

  private final ShownRoot root;

  /** The view from which the dispatcher starts. */
  private final RenderedView before;

  /** The number of spaces that move to this root, less those that leave it. */
  private int arrivals;

  private boolean ends;

  private RenderedView after;
  private ViewDiff diff = ViewDiff.NONE;

  /** Whether the dispatcher was called. */
  private boolean dispatched;

  /** The view that {@link #from} was called for last, from which several spaces may come; its difference is cached. */
  private RenderedView other;

  private ViewDiff fromOther;

  /** The slot in which the root is published after the commit. */
  private int slot;

  /** Makes a change of a root that spaces show already. */
  RootChange(ShownRoot root) {
    this(root, root.view());
  }

  /** Makes a change for a new root, whose dispatcher starts from the map of another view. */
  RootChange(ShownRoot root, RenderedView before) {
    this.root = root;
    this.before = before;
    this.slot = root.slot();
  }

  ShownRoot root() {
    return root;
  }

  /** Whether the root has no slot yet. */
  boolean isNew() {
    return !root.isPlaced();
  }

  int slot() {
    return slot;
  }

  void place(int free) {
    slot = free;
  }

  RenderedView before() {
    return before;
  }

  /** The view after the commit; the present one if no space is left. */
  RenderedView after() {
    return after;
  }

  ViewDiff diff() {
    return diff;
  }

  void arrive() {
    arrivals++;
  }

  void leave() {
    arrivals--;
  }

  /** Whether no space shows the root any more; known after {@link #render}. */
  boolean ends() {
    return ends;
  }

  /** Whether the view changes for spaces that stay at this root. */
  boolean changesView() {
    return !ends && after != before && !root.spaces().isEmpty();
  }

  /** Whether the commit builds a map for this root. */
  boolean isBuilt() {
    return !ends && (after != before || isNew());
  }

  /** Renders the view, unless no space will show it. */
  void render(Dirt dirt) {
    ends = root.spaces().size() + arrivals == 0;
    if (ends) {
      after = root.view();
    } else if (root.spaces().isEmpty()) {
      after = Rendering.of(root.viewRoot(), before);
      diff = ViewDiff.between(before, after);
    } else {
      Refreshed refreshed = Rendering.refreshed(root.viewRoot(), before, dirt);
      after = refreshed.view();
      diff = refreshed.diff();
    }
  }

  /**
   * Calls the dispatcher, like a listener that every view root has: it needs no place among the others, since none of
   * them sees its map before publication.
   *
   * @return the map to publish
   */
  PhysPageMap dispatch() {
    AddressSpaceDispatch dispatch = root.dispatch();
    dispatched = true;
    dispatch.begin();
    for (int i = 0; i < diff.removed().size(); i++) {
      dispatch.regionDel(diff.removed().get(i));
    }
    for (int i = 0; i < diff.kept().size(); i++) {
      dispatch.logChanged(diff.kept().get(i).section());
    }
    for (int i = 0; i < diff.added().size(); i++) {
      dispatch.regionAdd(diff.added().get(i));
    }
    return dispatch.nextMap();
  }

  /** Makes the root show what was published. Allocates nothing. */
  void settle() {
    root.show(after);
    if (dispatched) {
      root.dispatch().commit();
    }
  }

  /** Takes the calls to the dispatcher back. Allocates nothing. */
  void giveUp() {
    if (dispatched) {
      root.dispatch().abort();
    }
  }

  /** The difference for a space that moves to this root from another view. */
  ViewDiff from(RenderedView shown) {
    if (shown == before) {
      return diff;
    }
    if (shown != other) {
      fromOther = ViewDiff.between(shown, after);
      other = shown;
    }
    return fromOther;
  }
}
