package io.flatview.dispatch.topology;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.unsigned.Unsigned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The children of one region, ordered by address: those that overlap a range are found without visiting the others.
 * Immutable: a change copies the path to the changed entry, O(log n) entries, and stores one reference to the result.
 * So a change that fails before has changed nothing, and undoing it stores the reference to the previous index.
 *
 * <p>It is a treap: a binary search tree ordered by address and region number. A hash of the number is its heap
 * priority, so that it stays balanced in whatever order children are placed. Each entry knows the highest address below
 * it, which prunes a search.
 *
 * <p>An index with an added child only links to the index before it. When a thread first reads the tree, it inserts all
 * children that were added since the last tree: so a transaction that places many children builds one tree. Any thread
 * may do that. {@code before} is volatile and cleared last, so a thread that reads null there sees the tree; a thread
 * that does not builds an equal tree.
 *
 * <p>The tree does not record which children are enabled, so that enabling one copies nothing. Only the number of
 * enabled children is needed, and, if it is 1, that child. It is found by the exclusive or of the addresses, and that
 * of the region numbers, of all enabled children, which then are its own.
 */
final class ChildIndex {

  static final ChildIndex EMPTY = new ChildIndex(null, null, null, 0, 0, 0);

  /** A child, with its place in the parent. */
  static final class Entry implements Comparable<Entry> {

    final RegionNode child;
    private final long first;
    private final long last;
    private final long placed;
    final int priority;
    private final int weight;
    private final Entry left;
    private final Entry right;
    private final long highest;

    private Entry(RegionNode child, RegionState state) {
      this.child = child;
      this.first = state.address();
      this.last = state.lastInParent();
      this.placed = state.placed();
      this.priority = state.priority();
      this.weight = (int) (child.id() * 0x9E3779B97F4A7C15L >>> 32);
      this.left = null;
      this.right = null;
      this.highest = last;
    }

    private Entry(Entry of, Entry left, Entry right) {
      this.child = of.child;
      this.first = of.first;
      this.last = of.last;
      this.placed = of.placed;
      this.priority = of.priority;
      this.weight = of.weight;
      this.left = left;
      this.right = right;
      this.highest = higher(higher(last, left), right);
    }

    private static long higher(long last, Entry below) {
      return below != null ? Unsigned.max(below.highest, last) : last;
    }

    private boolean isBefore(Entry other) {
      int order = Long.compareUnsigned(first, other.first);
      return order != 0 ? order < 0 : child.id() < other.child.id();
    }

    private boolean isAbove(Entry other) {
      return Integer.compareUnsigned(weight, other.weight) > 0;
    }

    /** The order in which children win: the higher priority first, and of equals the one placed last. */
    @Override
    public int compareTo(Entry other) {
      return priority != other.priority
          ? Integer.compare(other.priority, priority)
          : Long.compare(other.placed, placed);
    }

    private static int compareAddress(Entry one, Entry other) {
      return one.isBefore(other) ? -1 : one == other ? 0 : 1;
    }
  }

  /** The tree; valid once {@link #before} is null. */
  private Entry root;

  /** The index to which {@link #added} was added, until the tree is built; then null. */
  private volatile ChildIndex before;

  private final Entry added;
  private final int enabled;
  private final long enabledAddresses;
  private final long enabledIds;

  private ChildIndex(
      Entry root, ChildIndex before, Entry added, int enabled, long enabledAddresses, long enabledIds) {
    this.root = root;
    this.before = before;
    this.added = added;
    this.enabled = enabled;
    this.enabledAddresses = enabledAddresses;
    this.enabledIds = enabledIds;
  }

  private ChildIndex with(Entry tree, ChildIndex earlier, Entry more) {
    return new ChildIndex(tree, earlier, more, enabled, enabledAddresses, enabledIds);
  }

  private ChildIndex counting(RegionNode child, RegionState state, int more) {
    return state.enabled()
        ? new ChildIndex(root, before, added, enabled + more, enabledAddresses ^ state.address(),
            enabledIds ^ child.id())
        : this;
  }

  int enabled() {
    return enabled;
  }

  /** The only child that is enabled; there must be no other. */
  RegionNode onlyEnabled() {
    Entry at = root();
    while (at.child.id() != enabledIds) {
      int order = Long.compareUnsigned(enabledAddresses, at.first);
      at = order < 0 || order == 0 && enabledIds < at.child.id() ? at.left : at.right;
    }
    return at.child;
  }

  /** A copy with one more child, in the given state. */
  ChildIndex with(RegionNode child, RegionState state) {
    return with(null, this, new Entry(child, state)).counting(child, state, 1);
  }

  /** A copy after a child was enabled or disabled, which gives its new state. */
  ChildIndex enabling(RegionNode child, RegionState state) {
    int more = state.enabled() ? 1 : -1;
    boolean waits = before != null;
    return new ChildIndex(waits ? null : root, waits ? this : null, null, enabled + more,
        enabledAddresses ^ state.address(), enabledIds ^ child.id());
  }

  /** The tree with all added children. */
  private Entry root() {
    if (before != null) {
      root = tree();
      before = null;
    }
    return root;
  }

  private Entry tree() {
    List<Entry> waiting = new ArrayList<>();
    ChildIndex at = this;
    for (ChildIndex earlier = before; earlier != null; earlier = at.before) {
      if (at.added != null) {
        waiting.add(at.added);
      }
      at = earlier;
    }
    if (waiting.size() == 1) {
      return insert(at.root, waiting.getFirst());
    }
    waiting.sort(Entry::compareAddress);
    return waiting.isEmpty() ? at.root : union(at.root, of(waiting, 0, waiting.size()));
  }

  /** A tree of entries in ascending order. */
  private static Entry of(List<Entry> entries, int from, int to) {
    int middle = (from + to) >>> 1;
    return to - from == 1
        ? entries.get(from)
        : union(of(entries, from, middle), of(entries, middle, to));
  }

  private static Entry union(Entry one, Entry other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Entry top = one.isAbove(other) ? one : other;
    Entry rest = one.isAbove(other) ? other : one;
    return new Entry(top, union(top.left, before(rest, top)), union(top.right, after(rest, top)));
  }

  private static Entry insert(Entry at, Entry entry) {
    if (at == null) {
      return entry;
    }
    if (entry.isAbove(at)) {
      return new Entry(entry, before(at, entry), after(at, entry));
    }
    return entry.isBefore(at)
        ? new Entry(at, insert(at.left, entry), at.right)
        : new Entry(at, at.left, insert(at.right, entry));
  }

  private static Entry before(Entry at, Entry entry) {
    if (at == null) {
      return null;
    }
    return at.isBefore(entry) ? new Entry(at, at.left, before(at.right, entry)) : before(at.left, entry);
  }

  private static Entry after(Entry at, Entry entry) {
    if (at == null) {
      return null;
    }
    return at.isBefore(entry) ? after(at.right, entry) : new Entry(at, after(at.left, entry), at.right);
  }

  /** A copy with a child in another state, at the same address. */
  ChildIndex replacing(RegionNode child, RegionState earlier, RegionState after) {
    ChildIndex replaced = with(replace(root(), new Entry(child, after)), null, null);
    return earlier.enabled() == after.enabled() ? replaced : replaced.enabling(child, after);
  }

  private static Entry replace(Entry at, Entry entry) {
    if (at.child == entry.child) {
      return new Entry(entry, at.left, at.right);
    }
    return entry.isBefore(at)
        ? new Entry(at, replace(at.left, entry), at.right)
        : new Entry(at, at.left, replace(at.right, entry));
  }

  /** A copy without a child that is in it, in the given state. */
  ChildIndex without(RegionNode child, RegionState state) {
    return with(remove(root(), new Entry(child, state)), null, null).counting(child, state, -1);
  }

  private static Entry remove(Entry at, Entry gone) {
    if (at.child == gone.child) {
      return join(at.left, at.right);
    }
    return gone.isBefore(at)
        ? new Entry(at, remove(at.left, gone), at.right)
        : new Entry(at, at.left, remove(at.right, gone));
  }

  private static Entry join(Entry left, Entry right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return left.isAbove(right)
        ? new Entry(left, left.left, join(left.right, right))
        : new Entry(right, join(left, right.left), right.right);
  }

  /** The children that overlap a range of offsets, in ascending address order, in a list of its own. */
  List<Entry> meeting(long first, long last) {
    return meeting(root(), first, last, List.of());
  }

  private static List<Entry> meeting(Entry at, long first, long last, List<Entry> before) {
    if (at == null || Long.compareUnsigned(at.highest, first) < 0) {
      return before;
    }
    List<Entry> found = meeting(at.left, first, last, before);
    if (Long.compareUnsigned(at.first, last) > 0) {
      return found;
    }
    return meeting(at.right, first, last, Long.compareUnsigned(at.last, first) < 0 ? found : Few.with(found, at));
  }

  /** Sorts some entries in the order in which they win, and returns their children. */
  static List<RegionNode> winnersFirst(List<Entry> entries) {
    if (entries.size() < 2) {
      return entries.isEmpty() ? List.of() : List.of(entries.getFirst().child);
    }
    Collections.sort(entries);
    List<RegionNode> children = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      children.add(entry.child);
    }
    return children;
  }
}
