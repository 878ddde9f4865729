package io.flatview.dispatch.commit;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.PathStep;
import io.flatview.dispatch.view.ViewRoot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An index of the open address spaces and of the view roots that they show, so that a commit visits only those that its
 * changes concern. A view root is found by its region, and a space by each region on the path from its root to its view
 * root. Guarded by the map's lock.
 *
 * <p>When a region on a path changes, its {@link PathStep} is compared with the last one. Nearly always they are equal,
 * and then the spaces of that path are not visited.
 */
final class SpaceIndex {

  private static final int FEW = 2;

  /** A region on the paths of some spaces. */
  static final class Watched {

    private Set<DispatchSpace> spaces = Set.of();

    /** The step that the region had last; null if that is not known. */
    private PathStep step;
  }

  /**
   * A region on the paths of spaces, with its changed step.
   *
   * @param watched the region
   * @param step its new step
   */
  record Turn(Watched watched, PathStep step) {}

  private Set<DispatchSpace> open = Set.of();
  private final Map<RegionNode, Watched> watched = new IdentityHashMap<>(FEW);
  private final Map<ViewRoot, ShownRoot> roots = new HashMap<>(FEW);
  private final Map<RegionNode, List<ShownRoot>> rootsAt = new IdentityHashMap<>(FEW);

  /** The published roots, by slot; never stale. */
  private ShownRoot[] bySlot = new ShownRoot[FEW];

  /** All slots below this one are in use. */
  private int full = Generation.NO_SLOT + 1;

  /** The spaces that were opened and show nothing yet, and those that are to be closed. */
  private Set<DispatchSpace> unsettled = Set.of();

  /** The spaces with listeners that want doorbells. */
  private Set<DispatchSpace> asking = Set.of();

  private boolean stale;

  /** Whether every space is published in the slot of its root, and every slot belongs to a root that a space shows. */
  private boolean settled = true;

  void add(DispatchSpace space) {
    open = Few.with(open, space);
    unsettled = Few.with(unsettled, space);
  }

  /** Forgets a space that shows nothing. Allocates nothing. */
  void remove(DispatchSpace space) {
    open = Few.without(open, space);
    unsettled = Few.without(unsettled, space);
    asking = Few.without(asking, space);
  }

  /** Notes that a transaction closes a space. */
  void closing(DispatchSpace space) {
    unsettled = Few.with(unsettled, space);
  }

  /** Notes that a space is not closed after all. */
  void stays(DispatchSpace space) {
    if (space.shownRoot() != null) {
      unsettled = Few.without(unsettled, space);
    }
  }

  /** Called after listeners of a space were added or removed; after a removal it allocates nothing. */
  void heard(DispatchSpace space) {
    if (space.shownRoot() != null) {
      space.shownRoot().hear(space);
    }
    if (space.asksForDoorbells()) {
      asking = Few.with(asking, space);
    } else {
      asking = Few.without(asking, space);
    }
  }

  /** The spaces with listeners that want doorbells. */
  List<DispatchSpace> asking() {
    return List.copyOf(asking);
  }

  /** Whether a listener of an open space wants to be called for selections of banks. */
  boolean asksForSelections() {
    return open.stream().anyMatch(DispatchSpace::asksForSelections);
  }

  List<DispatchSpace> open() {
    return List.copyOf(open);
  }

  /** The roots that open spaces show or that are published, each once; also while the index is stale. */
  List<ShownRoot> shown() {
    Set<ShownRoot> shown = new LinkedHashSet<>();
    for (ShownRoot root : bySlot) {
      if (root != null) {
        shown.add(root);
      }
    }
    for (DispatchSpace space : open) {
      if (space.shownRoot() != null) {
        shown.add(space.shownRoot());
      }
    }
    return List.copyOf(shown);
  }

  /** The shown root of a view root; null if no space shows it. */
  ShownRoot root(ViewRoot viewRoot) {
    return roots.get(viewRoot);
  }

  /** The roots whose views start at a region. */
  List<ShownRoot> rootsAt(RegionNode node) {
    return rootsAt.getOrDefault(node, List.of());
  }

  /** The first free slot from a given one on; it is in use once a root is published there. */
  int freeSlot(int from) {
    while (full < bySlot.length && bySlot[full] != null) {
      full++;
    }
    int slot = Math.max(from, full);
    while (slot < bySlot.length && bySlot[slot] != null) {
      slot++;
    }
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, 2 * slot);
    }
    return slot;
  }

  /** Whether all moves of spaces are published: see {@link ShownRoot}. */
  boolean isSettled() {
    return settled;
  }

  /** Published roots that no space shows any more. */
  List<ShownRoot> emptied() {
    return Arrays.stream(bySlot).filter(root -> root != null && root.spaces().isEmpty()).toList();
  }

  /** The regions whose step has changed. */
  List<Turn> turns(Dirt dirt) {
    List<Turn> turns = List.of();
    for (RegionNode node : dirt.touched()) {
      Watched on = watched.get(node);
      if (on.step == null || !on.step.isStepOf(node)) {
        turns = Few.with(turns, new Turn(on, PathStep.of(node)));
      }
    }
    return turns;
  }

  /** The spaces whose view root may have changed, in the order of opening. */
  List<DispatchSpace> turned(List<Turn> turns) {
    if (unsettled.isEmpty() && turns.isEmpty()) {
      return List.of();
    }
    Set<DispatchSpace> turned = new HashSet<>(unsettled);
    for (Turn turn : turns) {
      turned.addAll(turn.watched.spaces);
    }
    List<DispatchSpace> ordered = new ArrayList<>(turned);
    Collections.sort(ordered);
    return ordered;
  }

  /** Whether the index is incomplete, since an update of it failed half way. */
  boolean isStale() {
    return stale;
  }

  /**
   * Makes the spaces show their published roots. Their fields are stored in any case; if an update of the index fails,
   * with the heap exhausted, the index stays stale until it is rebuilt.
   */
  void publish(CommitDraft draft) {
    stale = true;
    settle(draft);
    for (int i = 0; i < draft.turns().size(); i++) {
      Turn turn = draft.turns().get(i);
      turn.watched.step = turn.step;
    }
    for (int i = 0; i < draft.moves().size(); i++) {
      takeOff(draft.moves().get(i));
      enter(draft.moves().get(i).space());
    }
    for (int i = 0; i < draft.roots().size(); i++) {
      RootChange change = draft.roots().get(i);
      if (change.ends() && !change.root().isPlaced()) {
        forget(change.root());
      }
    }
    stale = false;
  }

  /** Stores the new views, slots and roots. Allocates nothing. */
  private void settle(CommitDraft draft) {
    for (int i = 0; i < draft.roots().size(); i++) {
      RootChange change = draft.roots().get(i);
      change.settle();
      if (draft.publishes()) {
        place(change);
      }
    }
    settled = draft.publishes() || settled && !draft.turnsASpace();
    for (int i = 0; i < draft.moves().size(); i++) {
      Move move = draft.moves().get(i);
      move.settle();
      settle(move.space());
    }
  }

  private void place(RootChange change) {
    if (change.ends()) {
      bySlot[change.slot()] = null;
      change.root().place(Generation.NO_SLOT);
      full = Math.min(full, Math.max(change.slot(), Generation.NO_SLOT + 1));
    } else {
      bySlot[change.slot()] = change.root();
      change.root().place(change.slot());
    }
  }

  private void settle(DispatchSpace space) {
    if (space.closed) {
      remove(space);
    } else if (!space.closing) {
      unsettled = Few.without(unsettled, space);
    }
  }

  private void takeOff(Move move) {
    for (RegionNode node : move.pathBefore()) {
      Watched on = watched.get(node);
      on.spaces = Few.without(on.spaces, move.space());
      if (on.spaces.isEmpty()) {
        watched.remove(node);
        node.setOnWay(false);
      }
    }
    if (move.from() != null) {
      move.from().remove(move.space());
    }
  }

  private void enter(DispatchSpace space) {
    for (RegionNode node : space.path()) {
      Watched on = watchedAt(node);
      on.spaces = Few.with(on.spaces, space);
      node.setOnWay(true);
    }
    ShownRoot root = space.shownRoot();
    if (root != null) {
      if (roots.putIfAbsent(root.viewRoot(), root) == null) {
        enter(root);
      }
      root.add(space);
    }
  }

  private Watched watchedAt(RegionNode node) {
    Watched known = watched.get(node);
    if (known == null) {
      known = new Watched();
      watched.put(node, known);
    }
    return known;
  }

  private void enter(ShownRoot root) {
    if (root.viewRoot().node() != null) {
      RegionNode node = root.viewRoot().node();
      rootsAt.put(node, with(rootsAt.get(node), root));
      node.setStartsView(true);
    }
  }

  private static List<ShownRoot> with(List<ShownRoot> some, ShownRoot more) {
    if (some == null) {
      return List.of(more);
    }
    List<ShownRoot> all = new ArrayList<>(some);
    all.add(more);
    return all;
  }

  private void forget(ShownRoot root) {
    roots.remove(root.viewRoot(), root);
    RegionNode node = root.viewRoot().node();
    if (node != null) {
      forget(root, node);
    }
  }

  private void forget(ShownRoot root, RegionNode node) {
    List<ShownRoot> left = new ArrayList<>(rootsAt(node));
    left.remove(root);
    if (left.isEmpty()) {
      rootsAt.remove(node);
      node.setStartsView(false);
    } else {
      rootsAt.put(node, left);
    }
  }

  /** Rebuilds the index from the open spaces; the steps of the regions on their paths are not known then. */
  void rebuild() {
    watched.keySet().forEach(node -> node.setOnWay(false));
    rootsAt.keySet().forEach(node -> node.setStartsView(false));
    watched.clear();
    roots.clear();
    rootsAt.clear();
    asking = Set.of();
    for (ShownRoot root : shown()) {
      root.clear();
    }
    for (DispatchSpace space : open) {
      enter(space);
      heard(space);
    }
    stale = false;
  }
}
