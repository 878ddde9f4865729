package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.Stay;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.ViewDiff;
import java.util.Set;

/** An address space that is opened or closed, or whose path from its root to its view root changes. */
final class Move {

  private final DispatchSpace space;
  private final ShownRoot from;
  private final Set<RegionNode> pathBefore;
  private final RootChange to;
  private final Set<RegionNode> path;

  /** The stay in the new slot; null if the space keeps its slot. */
  private Stay stay;

  /**
   * Makes a move from the root that a space shows now.
   *
   * @param space the space
   * @param to the root that it shows after the commit; null if it is closed
   * @param path the regions on which that root depends
   */
  Move(DispatchSpace space, RootChange to, Set<RegionNode> path) {
    this.space = space;
    this.from = space.shownRoot();
    this.pathBefore = space.path();
    this.to = to;
    this.path = path;
  }

  /** Prepares the stay of the space in its slot from the next generation on. */
  void place(long generation) {
    int slot = to == null ? Generation.NO_SLOT : to.slot();
    if (slot != space.stay().slot()) {
      stay = new Stay(slot, generation, space.stay());
    }
  }

  DispatchSpace space() {
    return space;
  }

  /** The root that the space showed before; null if it is opened. */
  ShownRoot from() {
    return from;
  }

  Set<RegionNode> pathBefore() {
    return pathBefore;
  }

  /** The root that the space shows after the commit; null if it is closed. */
  ShownRoot to() {
    return to == null ? null : to.root();
  }

  Set<RegionNode> path() {
    return path;
  }

  /** Whether the space moves to another view root, or is opened or closed. */
  boolean turns() {
    return from == null || to() != from;
  }

  boolean isFor(DispatchSpace other) {
    return space == other;
  }

  RenderedView before() {
    return from == null ? RenderedView.EMPTY : from.view();
  }

  RenderedView after() {
    return to == null ? RenderedView.EMPTY : to.after();
  }

  ViewDiff diff() {
    return to == null ? ViewDiff.between(before(), RenderedView.EMPTY) : to.from(before());
  }

  /** Whether listeners are called for the move, as they are also for an empty space that is opened or closed. */
  boolean isNews() {
    return from == null || to == null || before() != after();
  }

  /** Gives the space its slot in the generation that is about to be published. Allocates nothing. */
  void make() {
    if (stay != null) {
      space.moveTo(stay);
    }
  }

  /** Cuts off earlier stays, since no reader can see the generations before. Allocates nothing. */
  void cut() {
    if (stay != null) {
      stay.cut();
    }
  }

  /** Makes the space show its published root. Allocates nothing. */
  void settle() {
    space.show(to(), path);
  }
}
