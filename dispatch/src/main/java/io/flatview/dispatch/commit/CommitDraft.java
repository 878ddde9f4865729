package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.listener.DoorbellChanges;
import io.flatview.dispatch.listener.Notification;
import io.flatview.dispatch.listener.SpaceNotice;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderPass;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.SpaceView;
import io.flatview.dispatch.view.ViewDiff;
import io.flatview.memory.MapChange;
import java.util.ArrayList;
import java.util.List;

/** What one commit would do: rendered when it is made, before a listener is called or anything is changed. */
final class CommitDraft {

  private final List<SpaceChange> changes = new ArrayList<>();

  /** The spaces that were looked at, also those whose view stays, with what they show then. */
  private final List<SpaceChange> looked = new ArrayList<>();

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
    this.notification =
        new Notification(changes.stream().map(SpaceChange::notice).toList(), doorbells(spaces, gates));
  }

  /** Doorbell changes also concern spaces whose view is unchanged. */
  private DoorbellChanges doorbells(SpaceIndex spaces, GateChanges.Taken gates) {
    DoorbellChanges doorbells = new DoorbellChanges();
    changes.forEach(change -> doorbells.add(change.change(), change.notice().listeners(), gates::rulesOf));
    if (!gates.isEmpty()) {
      spaces.asking().stream().filter(space -> changes.stream().noneMatch(change -> change.space() == space))
          .forEach(space -> doorbells.add(same(space), space.listeners(), gates::rulesOf));
    }
    return doorbells;
  }

  private MapChange same(DispatchSpace space) {
    return new MapChange(space, current.number(), space.shownView(), space.shownView(), List.of(), List.of());
  }

  private void consider(DispatchSpace space, RenderPass pass) {
    SpaceView then = then(space, pass);
    RenderedView before = space.shownView();
    RenderedView after = then == null ? RenderedView.EMPTY : then.view();
    boolean changes = space.shown == null || then == null || after != before;
    SpaceChange change = new SpaceChange(space, then,
        changes ? notice(space, before, after, pass.diff(before, after)) : null);
    looked.add(change);
    if (changes) {
      this.changes.add(change);
    }
  }

  private SpaceNotice notice(DispatchSpace space, RenderedView before, RenderedView after, ViewDiff diff) {
    return SpaceNotice.of(space, current.number() + 1, before, after, diff, space.listeners());
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

  /** The spaces that were looked at; those whose view stays have no notice. */
  List<SpaceChange> looked() {
    return looked;
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

  Generation next() {
    return next;
  }

  List<DispatchSpace> closedSpaces() {
    return changes.stream().filter(SpaceChange::closesSpace).map(SpaceChange::space).toList();
  }
}
