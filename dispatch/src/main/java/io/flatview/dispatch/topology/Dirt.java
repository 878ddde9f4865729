package io.flatview.dispatch.topology;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.Size;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The dirty windows: the offsets of each region in which changes may have made views stale.
 *
 * <p>Each change affects two windows: the offsets that the region covered before the change, and those that it covers
 * after it, both in its own offsets and in its parent's. From there the windows climb in the present tree to parents
 * and to aliases, clipped and shifted, and stop at disabled regions. They need not climb to a former parent or alias:
 * the change that removed it noted everything that it showed.
 *
 * <p>Mirrors of mirrors can make endlessly many windows, or one that grows for ever. A region with more than {@value
 * #MAX_WINDOWS} windows, or that many times more than there are changes, is treated as dirty throughout, which ends
 * every circle. Every circle passes a region that an alias shows; so a region that no alias shows, and at which no view
 * starts, only passes windows on and keeps none.
 */
public final class Dirt {

  private static final int MAX_WINDOWS = 4096;

  /** The number of regions with dirty windows up to which they are searched one by one. */
  private static final int FEW = 8;

  private static final Extents NOWHERE = new Extents();

  /** A region with dirty windows, in a list of all. */
  public static final class Reached {

    private final RegionNode node;
    private final Extents windows = new Extents();
    private final Reached next;

    private Reached(RegionNode node, Reached next) {
      this.node = node;
      this.next = next;
    }

    /**
     * The region.
     *
     * @return a region at which a view starts, or that an alias shows
     */
    public RegionNode node() {
      return node;
    }

    /**
     * The next region of the list.
     *
     * @return null after the last
     */
    public Reached next() {
      return next;
    }
  }

  /** A window that has to climb on from a region. */
  private record Pending(RegionNode node, long first, long last) {}

  private Set<RegionNode> touched = Set.of();
  private Reached reached;
  private int reachedCount;

  /** Finds the regions with dirty windows; null while there are few. */
  private Map<RegionNode, Reached> index;

  private final int mostArrivals;

  /** The windows that are still to climb; null until the first. */
  private Deque<Pending> pending;

  /** Computes the dirty windows of some changes in the present tree, as far as address spaces show it. */
  Dirt(UndoLog changes, int count) {
    mostArrivals = MAX_WINDOWS + 2 * count;
    for (int i = 0; i < count; i++) {
      Change change = changes.get(i);
      touch(change.node());
      touch(change.parent());
      change.addTo(this);
    }
  }

  private void touch(RegionNode node) {
    if (node != null && node.isOnWay()) {
      touched = Few.with(touched, node);
    }
  }

  /**
   * Adds the windows that a region covers in a state, in its own offsets and in its parent's; the latter since a later
   * change may move the region again.
   */
  void covered(RegionNode node, RegionState state) {
    if (state.enabled() && !state.size().isEmpty()) {
      arrive(node, 0, state.size().last());
      if (state.parent() != null) {
        arrive(state.parent(), state.address(), state.lastInParent());
      }
      climbOn();
    }
  }

  private void climbOn() {
    while (pending != null && !pending.isEmpty()) {
      Pending next = pending.pop();
      climbToParent(next.node, next.first, next.last);
      for (Holders.Link link = next.node.holders().firstAlias(); link != null; link = link.next()) {
        RegionNode.AliasNode alias = link.get();
        if (alias != null && alias.isEnabled()) {
          climbToAlias(next, alias);
        }
      }
    }
  }

  private void arrive(RegionNode node, long first, long last) {
    if (node.startsView() || node.hasAliases()) {
      keep(node, first, last);
    } else {
      climbToParent(node, first, last);
    }
  }

  private void keep(RegionNode node, long first, long last) {
    Reached present = find(node);
    Extents extents = present == null ? reach(node) : present.windows;
    if (!extents.add(first, last)) {
      return;
    }
    if (extents.count() <= MAX_WINDOWS && extents.growths() <= mostArrivals) {
      wait(node, first, last);
    } else {
      extents.add(0, -1);
      wait(node, 0, -1);
    }
  }

  private Reached find(RegionNode node) {
    if (index != null) {
      return index.get(node);
    }
    Reached at = reached;
    while (at != null && at.node != node) {
      at = at.next;
    }
    return at;
  }

  private Extents reach(RegionNode node) {
    reached = new Reached(node, reached);
    reachedCount++;
    if (index != null) {
      index.put(node, reached);
    } else if (reachedCount > FEW) {
      index = new IdentityHashMap<>();
      for (Reached at = reached; at != null; at = at.next) {
        index.put(at.node, at);
      }
    }
    return reached.windows;
  }

  private void wait(RegionNode node, long first, long last) {
    if (node.state.parent() != null || node.hasAliases()) {
      pending = pending == null ? new ArrayDeque<>() : pending;
      pending.push(new Pending(node, first, last));
    }
  }

  /** Climbs from parent to parent. A loop and no recursion, since trees may be deeper than a thread's stack. */
  private void climbToParent(RegionNode from, long firstThere, long lastThere) {
    RegionNode node = from;
    long first = firstThere;
    long last = lastThere;
    do {
      RegionState state = node.state;
      ParentNode parent = state.parent();
      if (parent == null || !showsAt(parent, state.address() + first, state.address())) {
        return;
      }
      long end = state.address() + last;
      first = state.address() + first;
      last = clipped(parent, Long.compareUnsigned(end, first) < 0 ? -1 : end);
      node = parent;
    } while (!node.startsView() && !node.hasAliases());
    keep(node, first, last);
  }

  /**
   * Whether a region is enabled and contains an offset; false if computing the offset from a lower one has overflowed.
   */
  private static boolean showsAt(RegionNode node, long first, long lower) {
    Size size = node.size();
    return node.isEnabled() && Long.compareUnsigned(first, lower) >= 0
        && !size.isEmpty() && Long.compareUnsigned(first, size.last()) <= 0;
  }

  private static long clipped(RegionNode node, long last) {
    return Unsigned.min(last, node.size().last());
  }

  private void climbToAlias(Pending window, RegionNode.AliasNode alias) {
    long start = alias.targetOffset;
    if (Long.compareUnsigned(window.last, start) >= 0) {
      long first = Long.compareUnsigned(window.first, start) <= 0 ? 0 : window.first - start;
      if (showsAt(alias, first, 0)) {
        arrive(alias, first, clipped(alias, window.last - start));
      }
    }
  }

  /**
   * The regions on paths from roots to view roots that changed, or whose children changed.
   *
   * @return a set by identity
   */
  public Set<RegionNode> touched() {
    return touched;
  }

  /**
   * The regions with dirty windows, among them every view root that has any.
   *
   * @return the first of a list; null if there is none
   */
  public Reached reached() {
    return reached;
  }

  /**
   * The dirty windows of a region.
   *
   * @param node a region at which a view starts
   * @return offsets, which may be past the region's end
   */
  public Extents in(RegionNode node) {
    Reached found = find(node);
    return found == null ? NOWHERE : found.windows;
  }
}
