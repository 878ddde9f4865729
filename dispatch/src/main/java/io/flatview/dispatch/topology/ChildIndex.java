package io.flatview.dispatch.topology;

import java.util.function.Consumer;

/**
 * The children of one region, ordered by address: those that meet a range are found without asking the others.
 *
 * <p>A treap: a binary search tree by address and number, whose shape comes from a hash of the number, so that no order
 * of placing degenerates it. Each entry knows the highest address below it, which prunes a search, and how many enabled
 * children there are. A child's place is noted when it comes; it must be taken out under the same place.
 */
final class ChildIndex {

  private static final class Entry {

    final RegionNode child;
    final long first;
    final long last;
    final int weight;
    final boolean enabled;
    Entry left;
    Entry right;
    long highest;
    int enabledBelow;

    Entry(RegionNode child) {
      this.child = child;
      this.first = child.address;
      this.last = child.lastInParent();
      this.weight = (int) (child.id() * 0x9E3779B97F4A7C15L >>> 32);
      this.enabled = child.enabled;
      sum();
    }

    boolean isBefore(Entry other) {
      int order = Long.compareUnsigned(first, other.first);
      return order != 0 ? order < 0 : child.id() < other.child.id();
    }

    void sum() {
      highest = last;
      enabledBelow = enabled ? 1 : 0;
      add(left);
      add(right);
    }

    private void add(Entry below) {
      if (below != null) {
        highest = Long.compareUnsigned(below.highest, highest) > 0 ? below.highest : highest;
        enabledBelow += below.enabledBelow;
      }
    }
  }

  private Entry root;
  private int size;

  int size() {
    return size;
  }

  int enabled() {
    return enabled(root);
  }

  private static int enabled(Entry entry) {
    return entry == null ? 0 : entry.enabledBelow;
  }

  /** The first child that is enabled; there must be one. */
  RegionNode firstEnabled() {
    Entry at = root;
    while (!at.enabled || enabled(at.left) > 0) {
      at = enabled(at.left) > 0 ? at.left : at.right;
    }
    return at.child;
  }

  void insert(RegionNode child) {
    root = insert(root, new Entry(child));
    size++;
  }

  private static Entry insert(Entry at, Entry entry) {
    if (at == null) {
      return entry;
    }
    if (Integer.compareUnsigned(entry.weight, at.weight) > 0) {
      split(at, entry);
      entry.sum();
      return entry;
    }
    if (entry.isBefore(at)) {
      at.left = insert(at.left, entry);
    } else {
      at.right = insert(at.right, entry);
    }
    at.sum();
    return at;
  }

  /** Hangs what is before and after an entry to its left and right. */
  private static void split(Entry at, Entry entry) {
    if (at == null) {
      entry.left = null;
      entry.right = null;
    } else if (at.isBefore(entry)) {
      split(at.right, entry);
      at.right = entry.left;
      entry.left = at;
      at.sum();
    } else {
      split(at.left, entry);
      at.left = entry.right;
      entry.right = at;
      at.sum();
    }
  }

  /** Removes a child that is there, under the address that it had when it came. */
  void remove(RegionNode child) {
    root = remove(root, new Entry(child));
    size--;
  }

  private static Entry remove(Entry at, Entry gone) {
    if (at.child == gone.child) {
      return join(at.left, at.right);
    }
    if (gone.isBefore(at)) {
      at.left = remove(at.left, gone);
    } else {
      at.right = remove(at.right, gone);
    }
    at.sum();
    return at;
  }

  private static Entry join(Entry left, Entry right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (Integer.compareUnsigned(left.weight, right.weight) > 0) {
      left.right = join(left.right, right);
      left.sum();
      return left;
    }
    right.left = join(left, right.left);
    right.sum();
    return right;
  }

  /** Tells of the children that meet a range of offsets, in ascending address order. */
  void meeting(long first, long last, Consumer<RegionNode> found) {
    meeting(root, first, last, found);
  }

  private static void meeting(Entry at, long first, long last, Consumer<RegionNode> found) {
    if (at == null || Long.compareUnsigned(at.highest, first) < 0) {
      return;
    }
    meeting(at.left, first, last, found);
    if (Long.compareUnsigned(at.first, last) <= 0) {
      if (Long.compareUnsigned(at.last, first) >= 0) {
        found.accept(at.child);
      }
      meeting(at.right, first, last, found);
    }
  }
}
