package io.flatview.dispatch;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderPass;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.SpaceView;
import io.flatview.memory.MapChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one commit would do: rendered when it is made, before anything is told or changed. */
final class CommitDraft {

  private final List<SpaceChange> changes = new ArrayList<>();

  /** What the spaces show then that were looked at, also those whose view stays; null for those that are closed. */
  private final Map<DispatchSpace, SpaceView> views = new LinkedHashMap<>();

  private final List<RegionNode> closing;
  private final Notification notification;
  private final Generation current;
  private Generation next;

  /**
   * Renders what is dirty.
   *
   * @param spaces all that are open, or are being opened or closed
   * @param dirt what changed since the last commit
   * @param closing the regions that this commit closes
   * @param gates what changes before devices
   * @param current the generation in force
   */
  CommitDraft(
      SpaceIndex spaces, Dirt dirt, List<RegionNode> closing, GateChanges.Taken gates, Generation current) {
    this.closing = closing;
    this.current = current;
    RenderPass pass = new RenderPass(spaces.renderings(), dirt);
    spaces.concernedBy(dirt).forEach(space -> consider(space, pass));
    this.notification = new Notification(changes, news(spaces, gates));
  }

  /** Also spaces that show the same as before are concerned by what changes before devices. */
  private GateNews news(SpaceIndex spaces, GateChanges.Taken gates) {
    GateNews news = new GateNews();
    changes.forEach(change -> news.add(change.change(), change.listeners(), gates::rulesOf));
    if (!gates.isEmpty()) {
      spaces.asking().stream().filter(space -> changes.stream().noneMatch(change -> change.space() == space))
          .forEach(space -> news.add(same(space), space.listeners(), gates::rulesOf));
    }
    return news;
  }

  private MapChange same(DispatchSpace space) {
    return new MapChange(space, current.number(), space.shownView(), space.shownView(), List.of(), List.of());
  }

  private void consider(DispatchSpace space, RenderPass pass) {
    SpaceView then = then(space, pass);
    views.put(space, then);
    RenderedView before = space.shownView();
    RenderedView after = then == null ? RenderedView.EMPTY : then.view();
    if (space.shown == null || then == null || after != before) {
      changes.add(SpaceChange.of(space, then, before, after, pass.diff(before, after), current.number() + 1));
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

  /** What the spaces show then that were looked at; null for those that are closed. */
  Map<DispatchSpace, SpaceView> views() {
    return views;
  }

  List<DispatchSpace> closedSpaces() {
    return changes.stream().filter(SpaceChange::closesSpace).map(SpaceChange::space).toList();
  }
}
