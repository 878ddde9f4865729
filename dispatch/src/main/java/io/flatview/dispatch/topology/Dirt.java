package io.flatview.dispatch.topology;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What some changes make stale.
 *
 * <p>Each change notes the windows in which something may show differently: what a region covered before it and what it
 * covers after it, in its own offsets and in those of its parent. From there they climb in the tree as it is now, to
 * the parent and to the aliases of the region, clipped and shifted, but through nothing that is disabled. A way that is
 * gone needs no climbing: whoever closed it noted all that it showed.
 *
 * <p>Mirrors of mirrors can make windows without number, or one that grows for ever. A region that is reached in more
 * than {@value #MAX_WINDOWS} places, or that many times more often than there are changes, is taken to be dirty
 * throughout, which ends every circle. A region that no alias shows is on no circle but by way of one that an alias
 * does show; so what nobody watches there is passed on and not kept.
 */
public final class Dirt {

  private static final int MAX_WINDOWS = 4096;

  private static final Extents NOWHERE = new Extents();

  private final Set<RegionNode> touched = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<RegionNode, Extents> reached = new IdentityHashMap<>();
  private final Deque<DirtyWindow> pending = new ArrayDeque<>();
  private final Predicate<RegionNode> watched;
  private final int mostArrivals;

  /** What some changes make stale in the tree as it is now, as far as somebody watches. */
  Dirt(List<Change> changes, Predicate<RegionNode> watched) {
    this.watched = watched;
    mostArrivals = MAX_WINDOWS + 2 * changes.size();
    for (Change change : changes) {
      touch(change.node());
      touch(change.parent());
      change.dirty().forEach(window -> arrive(window.node(), window.first(), window.last()));
      while (!pending.isEmpty()) {
        climb(pending.pop());
      }
    }
  }

  private void touch(RegionNode node) {
    if (node != null && watched.test(node)) {
      touched.add(node);
    }
  }

  private void arrive(RegionNode node, long first, long last) {
    if (node.aliases().isEmpty() && !watched.test(node)) {
      pending.push(new DirtyWindow(node, first, last));
      return;
    }
    Extents extents = reached.computeIfAbsent(node, _ -> new Extents());
    if (!extents.add(first, last)) {
      return;
    }
    if (extents.count() <= MAX_WINDOWS && extents.growths() <= mostArrivals) {
      pending.push(new DirtyWindow(node, first, last));
    } else {
      extents.add(0, -1);
      pending.push(new DirtyWindow(node, 0, -1));
    }
  }

  private void climb(DirtyWindow window) {
    ParentNode parent = window.node().state.parent();
    if (parent != null && parent.isEnabled()) {
      climbToParent(window, parent);
    }
    for (RegionNode.AliasNode alias = window.node().aliases().first(); alias != null; alias = alias.next) {
      if (alias.isEnabled()) {
        climbToAlias(window, alias);
      }
    }
  }

  private void climbToParent(DirtyWindow window, ParentNode parent) {
    long start = window.node().address();
    long first = start + window.first();
    if (Long.compareUnsigned(first, start) >= 0) {
      long last = start + window.last();
      arriveClipped(parent, first, Long.compareUnsigned(last, first) < 0 ? -1 : last);
    }
  }

  private void climbToAlias(DirtyWindow window, RegionNode.AliasNode alias) {
    long start = alias.targetOffset;
    if (Long.compareUnsigned(window.last(), start) >= 0) {
      long first = Long.compareUnsigned(window.first(), start) <= 0 ? 0 : window.first() - start;
      arriveClipped(alias, first, window.last() - start);
    }
  }

  private void arriveClipped(RegionNode node, long first, long last) {
    if (!node.size().isEmpty() && Long.compareUnsigned(first, node.size().last()) <= 0) {
      arrive(node, first, Long.compareUnsigned(last, node.size().last()) > 0 ? node.size().last() : last);
    }
  }

  /**
   * The watched regions that changed, or whose children came, went or changed.
   *
   * @return a set by identity
   */
  public Set<RegionNode> touched() {
    return Collections.unmodifiableSet(touched);
  }

  /**
   * The regions in which something may show differently, all that are watched among them.
   *
   * @return a set by identity
   */
  public Set<RegionNode> reached() {
    return Collections.unmodifiableSet(reached.keySet());
  }

  /**
   * Where something in a region may show differently.
   *
   * @param node one that is watched
   * @return offsets, which may be past the region's end
   */
  public Extents in(RegionNode node) {
    return reached.getOrDefault(node, NOWHERE);
  }
}
