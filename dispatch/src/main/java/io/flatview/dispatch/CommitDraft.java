package io.flatview.dispatch;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderPass;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.SpaceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What one commit would do: rendered when it is made, before anything is told or changed. */
final class CommitDraft {

  private final List<SpaceChange> changes = new ArrayList<>();

  /** Spaces whose view stays, with what it depends on now. */
  private final Map<DispatchSpace, SpaceView> unchanged = new LinkedHashMap<>();

  private final List<RegionNode> closing;
  private final Notification notification;
  private final Generation current;
  private Generation next;

  /**
   * Renders what depends on touched regions.
   *
   * @param spaces all that are open, or are being opened or closed
   * @param touched the regions that changed since the last commit
   * @param closing the regions that this commit closes
   * @param current the generation in force
   */
  CommitDraft(
      Collection<DispatchSpace> spaces, Set<RegionNode> touched, List<RegionNode> closing, Generation current) {
    this.closing = closing;
    this.current = current;
    RenderPass pass =
        new RenderPass(spaces.stream().map(space -> space.shown).filter(Objects::nonNull).toList(), touched);
    spaces.forEach(space -> consider(space, pass));
    this.notification = new Notification(changes);
  }

  private void consider(DispatchSpace space, RenderPass pass) {
    SpaceView then = then(space, pass);
    RenderedView view = then == null ? RenderedView.EMPTY : then.view();
    if (space.shown != null && then != null && view == space.shown.view()) {
      unchanged.put(space, then);
    } else {
      changes.add(
          SpaceChange.of(space, then, space.shownView(), view, current.number() + 1, space.listeners()));
    }
  }

  private static SpaceView then(DispatchSpace space, RenderPass pass) {
    if (space.closing) {
      return null;
    }
    return space.shown == null ? pass.render(space.rootNode()) : pass.refresh(space.shown);
  }

  List<SpaceChange> changes() {
    return changes;
  }

  List<RegionNode> closing() {
    return closing;
  }

  Notification notification() {
    return notification;
  }

  /** Builds the generation to publish, once the dispatchers have heard everything. */
  void build() {
    Generation.Draft draft = current.next();
    for (SpaceChange change : changes) {
      DispatchSpace space = change.space();
      if (change.closesSpace()) {
        draft.clear(space.slot());
      } else {
        draft.set(space.slot(), change.next().view(), space.dispatch().nextMap(change.change()));
      }
    }
    next = draft.finish();
  }

  /** What the next one replaces. */
  Generation current() {
    return current;
  }

  Generation next() {
    return next;
  }

  /** Notes in the spaces what they show now, and on what it depends. */
  void noteShown() {
    unchanged.forEach((space, view) -> space.shown = view);
    for (SpaceChange change : changes) {
      change.space().shown = change.next();
      change.space().closed = change.closesSpace();
    }
  }

  List<DispatchSpace> closedSpaces() {
    return changes.stream().filter(SpaceChange::closesSpace).map(SpaceChange::space).toList();
  }
}
