package io.flatview.dispatch.commit;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.generation.AddressSpaceDispatch;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.listener.DoorbellChanges;
import io.flatview.dispatch.listener.Notification;
import io.flatview.dispatch.listener.SpaceNotice;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.GateChanges;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.ViewDiff;
import io.flatview.dispatch.view.ViewRoot;
import io.flatview.memory.MapChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The effect of one commit, rendered before a listener is called or anything is changed.
 *
 * <p>First it finds the view roots of spaces that may have got another one. Then it renders each view root that is
 * dirty, or to which a space moves, once, however many spaces show it.
 */
final class CommitDraft {

  private static final int FEW = 2;

  private final SpaceIndex spaces;
  private final SharedMaps shared;
  private final Dirt dirt;
  private final Generation current;
  private final List<RegionNode> closing;
  private final List<SpaceIndex.Turn> turns;
  private List<RootChange> roots = List.of();

  /** The roots that spaces leave or move to, with their changes. */
  private Map<ViewRoot, RootChange> visited = Map.of();

  private List<Move> moves = List.of();
  private final boolean publishes;
  private final Notification notification;
  private Generation next;

  /**
   * Renders the dirty views.
   *
   * @param spaces all spaces that are open, or are being opened or closed
   * @param shared the common parts of page maps
   * @param dirt the dirty windows since the last commit
   * @param closing the regions that this commit closes
   * @param gates the changes of doorbells and coalesced ranges
   * @param current the generation in force
   */
  CommitDraft(
      SpaceIndex spaces, SharedMaps shared, Dirt dirt, List<RegionNode> closing, GateChanges.Taken gates,
      Generation current) {
    this.spaces = spaces;
    this.shared = shared;
    this.dirt = dirt;
    this.current = current;
    this.closing = closing;
    this.turns = spaces.turns(dirt);
    turn(spaces.turned(turns));
    for (Dirt.Reached at = dirt.reached(); at != null; at = at.next()) {
      reach(at.node());
    }
    for (int i = 0; i < roots.size(); i++) {
      roots.get(i).render(dirt);
    }
    this.publishes = changesAView();
    if (publishes) {
      settle();
      place();
    }
    List<SpaceNotice> heard = heardNotices();
    this.notification = Notification.of(heard, doorbells(heard, gates));
  }

  private void turn(List<DispatchSpace> turned) {
    if (!turned.isEmpty()) {
      visited = new HashMap<>();
      for (DispatchSpace space : turned) {
        turn(space);
      }
    }
  }

  /** Finds the view root of a space. */
  private void turn(DispatchSpace space) {
    if (space.closing) {
      move(space, null, Set.of());
      return;
    }
    SpaceReach.require(space);
    Set<RegionNode> path = Collections.newSetFromMap(new IdentityHashMap<>(FEW));
    ViewRoot viewRoot = ViewRoot.of(space.rootNode(), path);
    if (space.shownRoot() == null || !viewRoot.equals(space.shownRoot().viewRoot()) || !path.equals(space.path())) {
      move(space, visit(viewRoot, space), Set.copyOf(path));
    }
  }

  private void move(DispatchSpace space, RootChange to, Set<RegionNode> path) {
    if (space.shownRoot() != null) {
      visit(space.shownRoot().viewRoot(), space).leave();
    }
    if (to != null) {
      to.arrive();
    }
    moves = Few.with(moves, new Move(space, to, path));
  }

  private RootChange visit(ViewRoot viewRoot, DispatchSpace visitor) {
    RootChange change = visited.get(viewRoot);
    if (change == null) {
      change = changeOf(viewRoot, visitor);
      visited.put(viewRoot, change);
    }
    return change;
  }

  private RootChange changeOf(ViewRoot viewRoot, DispatchSpace visitor) {
    ShownRoot root = spaces.root(viewRoot);
    RootChange change = root == null ? fresh(viewRoot, visitor) : new RootChange(root);
    roots = Few.with(roots, change);
    return change;
  }

  /** Makes the change of a new root, whose dispatcher starts from the map that its first space had. */
  private RootChange fresh(ViewRoot viewRoot, DispatchSpace visitor) {
    ShownRoot from = visitor.shownRoot();
    AddressSpaceDispatch dispatch =
        from == null ? new AddressSpaceDispatch(shared) : new AddressSpaceDispatch(from.dispatch());
    return new RootChange(new ShownRoot(viewRoot, dispatch), visitor.shownView());
  }

  private void reach(RegionNode node) {
    List<ShownRoot> there = spaces.rootsAt(node);
    for (int i = 0; i < there.size(); i++) {
      if (visited.isEmpty() || !visited.containsKey(there.get(i).viewRoot())) {
        roots = Few.with(roots, new RootChange(there.get(i)));
      }
    }
  }

  private boolean changesAView() {
    for (int i = 0; i < roots.size(); i++) {
      if (roots.get(i).changesView()) {
        return true;
      }
    }
    for (int i = 0; i < moves.size(); i++) {
      if (moves.get(i).isNews()) {
        return true;
      }
    }
    return false;
  }

  /** Includes the moves that earlier commits could not publish, as they changed no view. */
  private void settle() {
    if (!spaces.isSettled()) {
      spaces.emptied().forEach(this::changeOf);
      spaces.open().stream().filter(space -> space.shownRoot() != null && isNoMove(space)).forEach(space ->
          moves = Few.with(moves, new Move(space, changeOf(space.shownRoot()), space.path())));
    }
  }

  private boolean isNoMove(DispatchSpace space) {
    return moves.stream().noneMatch(move -> move.isFor(space));
  }

  private RootChange changeOf(ShownRoot root) {
    for (RootChange change : roots) {
      if (change.root() == root) {
        return change;
      }
    }
    RootChange change = new RootChange(root);
    change.render(dirt);
    roots = Few.with(roots, change);
    return change;
  }

  /** Finds slots for new roots, and moves their spaces there. */
  private void place() {
    int free = Generation.NO_SLOT;
    for (int i = 0; i < roots.size(); i++) {
      RootChange change = roots.get(i);
      if (change.isNew() && !change.ends()) {
        free = spaces.freeSlot(free + 1);
        change.place(free);
      }
    }
    for (int i = 0; i < moves.size(); i++) {
      moves.get(i).place(current.number() + 1);
    }
  }

  /** The notices of spaces with listeners, in the order of opening. */
  private List<SpaceNotice> heardNotices() {
    List<SpaceNotice> notices = List.of();
    for (int i = 0; i < roots.size(); i++) {
      RootChange change = roots.get(i);
      if (change.changesView() && !change.root().heard().isEmpty()) {
        for (DispatchSpace space : change.root().heard()) {
          notices = stays(space) ? Few.with(notices, notice(space, change)) : notices;
        }
      }
    }
    for (int i = 0; i < moves.size(); i++) {
      Move move = moves.get(i);
      notices = move.turns() && move.isNews() && move.space().isHeard() ? Few.with(notices, notice(move)) : notices;
    }
    if (notices.size() > 1) {
      notices.sort(CommitDraft::compareOpening);
    }
    return notices;
  }

  /** Orders notices by the opening of their spaces. */
  private static int compareOpening(SpaceNotice one, SpaceNotice other) {
    return ((DispatchSpace) one.change().addressSpace()).compareTo((DispatchSpace) other.change().addressSpace());
  }

  private boolean stays(DispatchSpace space) {
    for (int i = 0; i < moves.size(); i++) {
      if (moves.get(i).isFor(space)) {
        return !moves.get(i).turns();
      }
    }
    return true;
  }

  private SpaceNotice notice(DispatchSpace space, RootChange change) {
    return notice(space, change.before(), change.after(), change.diff());
  }

  private SpaceNotice notice(Move move) {
    return notice(move.space(), move.before(), move.after(), move.diff());
  }

  private SpaceNotice notice(DispatchSpace space, RenderedView before, RenderedView after, ViewDiff diff) {
    return SpaceNotice.of(space, current.number() + 1, before, after, diff, space.listeners());
  }

  /** Doorbell changes also concern spaces whose view is unchanged. */
  private DoorbellChanges doorbells(List<SpaceNotice> heard, GateChanges.Taken gates) {
    if (heard.isEmpty() && gates.isEmpty()) {
      return DoorbellChanges.NONE;
    }
    DoorbellChanges doorbells = new DoorbellChanges();
    heard.forEach(notice -> doorbells.add(notice.change(), notice.listeners(), gates::rulesOf));
    if (!gates.isEmpty()) {
      spaces.asking().stream()
          .filter(space -> heard.stream().noneMatch(notice -> notice.change().addressSpace() == space))
          .forEach(space -> doorbells.add(same(space), space.listeners(), gates::rulesOf));
    }
    return doorbells;
  }

  private MapChange same(DispatchSpace space) {
    return new MapChange(space, current.number(), space.shownView(), space.shownView(), List.of(), List.of());
  }

  /** Whether a view changes and a generation must be published. */
  boolean publishes() {
    return publishes;
  }

  /** Whether a space moves to another view root, or is opened or closed. Allocates nothing. */
  boolean turnsASpace() {
    for (int i = 0; i < moves.size(); i++) {
      if (moves.get(i).turns()) {
        return true;
      }
    }
    return false;
  }

  /** One change for each space whose view changes, in the order of opening. */
  List<MapChange> changes() {
    List<SpaceNotice> changes = new ArrayList<>();
    for (RootChange change : roots) {
      if (change.changesView()) {
        change.root().spaces().stream().filter(this::stays).forEach(space -> changes.add(notice(space, change)));
      }
    }
    moves.stream().filter(move -> move.turns() && move.isNews()).forEach(move -> changes.add(notice(move)));
    changes.sort(CommitDraft::compareOpening);
    return changes.stream().map(SpaceNotice::change).toList();
  }

  /** The view roots that were rendered, including those whose view did not change. */
  List<RootChange> roots() {
    return roots;
  }

  /** The spaces that are opened or closed, or whose path to their view root changes. */
  List<Move> moves() {
    return moves;
  }

  /** The regions on the paths of spaces whose PathStep has changed. */
  List<SpaceIndex.Turn> turns() {
    return turns;
  }

  List<RegionNode> closing() {
    return closing;
  }

  Notification notification() {
    return notification;
  }

  /** Calls the dispatchers, and builds the generation to publish. */
  void build() {
    Generation.Draft draft = current.next();
    for (int i = 0; i < roots.size(); i++) {
      RootChange change = roots.get(i);
      if (change.isBuilt()) {
        draft.set(change.slot(), change.after(), change.dispatch());
      } else if (change.ends() && !change.isNew()) {
        draft.clear(change.slot());
      }
    }
    next = draft.finish();
  }

  /** Undoes what {@link #build} did. Allocates nothing. */
  void giveUp() {
    for (int i = 0; i < roots.size(); i++) {
      roots.get(i).giveUp();
    }
  }

  Generation next() {
    return next;
  }
}
