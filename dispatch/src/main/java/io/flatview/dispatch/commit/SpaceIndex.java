package io.flatview.dispatch.commit;

import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.ShownRenderings;
import io.flatview.dispatch.view.SpaceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The open address spaces, and which of them a change concerns: a space is found under each region on the way from its
 * root to its view root, so that a commit asks no others. Guarded by the map's lock.
 */
final class SpaceIndex {

  private final Set<DispatchSpace> open = new LinkedHashSet<>();
  private final Map<RegionNode, Set<DispatchSpace>> byPath = new IdentityHashMap<>();
  private final ShownRenderings renderings = new ShownRenderings();

  /** Those that were opened and show nothing yet, and those that are to be closed. */
  private final Set<DispatchSpace> unsettled = new LinkedHashSet<>();

  /** Those with listeners that want to know of doorbells. */
  private final Set<DispatchSpace> asking = new LinkedHashSet<>();

  private boolean stale;

  void add(DispatchSpace space) {
    open.add(space);
    unsettled.add(space);
  }

  /** Forgets a space that never showed anything, or that shows nothing any more. */
  void remove(DispatchSpace space) {
    open.remove(space);
    unsettled.remove(space);
    asking.remove(space);
  }

  /** A transaction closes a space. */
  void closing(DispatchSpace space) {
    unsettled.add(space);
  }

  /** A space is not closed after all. */
  void stays(DispatchSpace space) {
    if (space.shown != null) {
      unsettled.remove(space);
    }
  }

  /** Call after a space's listeners have changed; if they are fewer, that allocates nothing. */
  void heard(DispatchSpace space) {
    if (space.asksForDoorbells()) {
      asking.add(space);
    } else {
      asking.remove(space);
    }
  }

  /** The spaces with listeners that want to know of doorbells. */
  List<DispatchSpace> asking() {
    return List.copyOf(asking);
  }

  List<DispatchSpace> open() {
    return List.copyOf(open);
  }

  ShownRenderings renderings() {
    return renderings;
  }

  /** Whether what a space shows depends on a region itself, and not only on what it contains. */
  boolean watches(RegionNode node) {
    return byPath.containsKey(node);
  }

  /** The spaces that may change, in the order of opening. */
  List<DispatchSpace> concernedBy(Dirt dirt) {
    Set<DispatchSpace> concerned = new HashSet<>(unsettled);
    for (RegionNode node : dirt.touched()) {
      concerned.addAll(byPath.getOrDefault(node, Set.of()));
    }
    for (RegionNode node : dirt.reached()) {
      for (DispatchSpace space : byPath.getOrDefault(node, Set.of())) {
        if (space.shown.startsAt(node)) {
          concerned.add(space);
        }
      }
    }
    List<DispatchSpace> ordered = new ArrayList<>(concerned);
    ordered.sort(Comparator.comparingLong(DispatchSpace::number));
    return ordered;
  }

  /** Whether the index does not know all that is shown, since an update of it failed half way. */
  boolean isStale() {
    return stale;
  }

  /** Something that is derived from what is shown is not up to date. */
  void noteStale() {
    stale = true;
  }

  /** All is up to date. */
  void noteFresh() {
    stale = false;
  }

  /**
   * Has some spaces show what is published. What they show is stored whatever happens; if an update of the index fails,
   * with the heap exhausted, the index stays stale until it is made anew.
   */
  void publish(List<SpaceChange> shown) {
    try {
      for (int i = 0; i < shown.size(); i++) {
        reindex(shown.get(i).space(), shown.get(i).next());
      }
    } finally {
      for (int i = 0; i < shown.size(); i++) {
        settle(shown.get(i).space(), shown.get(i).next());
      }
    }
    for (int i = 0; i < shown.size(); i++) {
      if (shown.get(i).next() != null) {
        renderings.show(shown.get(i).next());
      }
    }
  }

  private void reindex(DispatchSpace space, SpaceView next) {
    SpaceView before = space.shown;
    if (before != null) {
      renderings.hide(before);
    }
    if (before == null || next == null || !next.path().equals(before.path())) {
      takeOff(space, before);
      enter(space, next);
    }
  }

  private void takeOff(DispatchSpace space, SpaceView before) {
    if (before != null) {
      before.path().forEach(node -> byPath.computeIfPresent(node, (_, spaces) -> without(spaces, space)));
    }
  }

  private void enter(DispatchSpace space, SpaceView next) {
    if (next != null) {
      next.path().forEach(node -> byPath.computeIfAbsent(node, _ -> new HashSet<>()).add(space));
    }
  }

  private static Set<DispatchSpace> without(Set<DispatchSpace> spaces, DispatchSpace space) {
    spaces.remove(space);
    return spaces.isEmpty() ? null : spaces;
  }

  /** Allocates nothing. */
  private void settle(DispatchSpace space, SpaceView view) {
    space.shown = view;
    if (view == null) {
      space.closed = true;
      remove(space);
    } else if (!space.closing) {
      unsettled.remove(space);
    }
  }

  /** Makes the index anew from what the open spaces show. */
  void rebuild() {
    renderings.clear();
    byPath.clear();
    asking.clear();
    for (DispatchSpace space : open) {
      if (space.shown != null) {
        renderings.show(space.shown);
      }
      enter(space, space.shown);
      heard(space);
    }
  }
}
