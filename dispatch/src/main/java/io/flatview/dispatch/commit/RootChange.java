package io.flatview.dispatch.commit;

import io.flatview.dispatch.listener.SpaceNotice;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.Rendering;
import io.flatview.dispatch.view.Rendering.Refreshed;
import io.flatview.dispatch.view.ViewDiff;
import io.flatview.memory.AddressSpace;

/** The change that a commit makes to a view root that spaces show, or are going to show. */
final class RootChange {

  private final ShownRoot root;

  /** The view from which the dispatcher starts. */
  private final RenderedView before;

  /** The number of spaces that come, less those that leave. */
  private int arrivals;

  private boolean ends;

  private Rendering after;
  private ViewDiff diff = ViewDiff.NONE;

  /** The last difference from another view, which several spaces may come from. */
  private RenderedView other;

  private ViewDiff fromOther;

  /** The slot in which it is published then. */
  private int slot;

  /** For a root that spaces show, or showed. */
  RootChange(ShownRoot root) {
    this(root, root.view());
  }

  /** For a new root, whose dispatcher starts from the map of another view. */
  RootChange(ShownRoot root, RenderedView before) {
    this.root = root;
    this.before = before;
    this.slot = root.slot();
  }

  ShownRoot root() {
    return root;
  }

  /** Whether no space showed it, or it has no slot of its own yet. */
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

  /** The rendering after the commit; the one before, if no space is left. */
  Rendering after() {
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

  /** Whether no space is left; known once it is {@linkplain #render rendered}. */
  boolean ends() {
    return ends;
  }

  /** Whether a view changes that spaces show and are going to show. */
  boolean changesView() {
    return !ends && after.view() != before && !root.spaces().isEmpty();
  }

  /** Whether there is a map to be built for a generation that is published. */
  boolean isBuilt() {
    return !ends && (after.view() != before || isNew());
  }

  /** Renders the view, unless no space is going to show it. */
  void render(Dirt dirt) {
    ends = root.spaces().size() + arrivals == 0;
    if (ends) {
      after = root.shown();
    } else if (root.spaces().isEmpty()) {
      after = Rendering.of(root.viewRoot(), before);
      diff = ViewDiff.between(before, after.view());
    } else {
      Refreshed refreshed = root.shown().refreshed(dirt);
      after = refreshed.rendering();
      diff = refreshed.diff();
    }
  }

  /** The change for which the dispatcher is called. */
  SpaceNotice notice(AddressSpace space, long generation) {
    return SpaceNotice.of(space, generation, before, after.view(), diff, root.listeners());
  }

  /** The difference for a space that moves to this root from another view. */
  ViewDiff from(RenderedView shown) {
    if (shown == before) {
      return diff;
    }
    if (shown != other) {
      fromOther = ViewDiff.between(shown, after.view());
      other = shown;
    }
    return fromOther;
  }
}
