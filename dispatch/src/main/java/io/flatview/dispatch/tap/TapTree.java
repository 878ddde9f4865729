package io.flatview.dispatch.tap;

import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.Access;

/**
 * All taps of a region, or of all spaces. It is an immutable treap by the first address or offset, in which each node
 * has the highest address of the taps below it; adding or removing a tap copies one path, in logarithmic time.
 */
public final class TapTree extends TapSet {

  /** No taps. */
  static final TapTree NONE = new TapTree(null);

  private record Node(
      TapPoint tap, long highest, int kinds, boolean asks, boolean tells, Node left, Node right) {

    static Node of(TapPoint tap, Node left, Node right) {
      return new Node(tap, Unsigned.max(last(tap), Unsigned.max(highest(left), highest(right))),
          tap.kinds | kinds(left) | kinds(right),
          tap.watch != null || left != null && left.asks || right != null && right.asks,
          tap.tap != null || left != null && left.tells || right != null && right.tells, left, right);
    }

    private static long highest(Node node) {
      return node == null ? 0 : node.highest;
    }

    private static int kinds(Node node) {
      return node == null ? 0 : node.kinds;
    }
  }

  private record Halves(Node left, Node right) {}

  private final Node root;

  private TapTree(Node root) {
    this.root = root;
  }

  boolean isEmpty() {
    return root == null;
  }

  /** A copy with one tap more. */
  TapTree with(TapPoint tap) {
    return new TapTree(insert(root, tap));
  }

  /** A copy without a tap that is in the tree. */
  TapTree without(TapPoint tap) {
    return new TapTree(remove(root, tap));
  }

  private static Node insert(Node node, TapPoint tap) {
    if (node == null || rank(tap) > rank(node.tap)) {
      Halves halves = split(node, tap);
      return Node.of(tap, halves.left, halves.right);
    }
    return compare(tap, node.tap) < 0
        ? Node.of(node.tap, insert(node.left, tap), node.right)
        : Node.of(node.tap, node.left, insert(node.right, tap));
  }

  private static Halves split(Node node, TapPoint at) {
    if (node == null) {
      return new Halves(null, null);
    }
    if (compare(node.tap, at) < 0) {
      Halves halves = split(node.right, at);
      return new Halves(Node.of(node.tap, node.left, halves.left), halves.right);
    }
    Halves halves = split(node.left, at);
    return new Halves(halves.left, Node.of(node.tap, halves.right, node.right));
  }

  private static Node remove(Node node, TapPoint tap) {
    if (node == null) {
      return null;
    }
    if (node.tap == tap) {
      return merge(node.left, node.right);
    }
    return compare(tap, node.tap) < 0
        ? Node.of(node.tap, remove(node.left, tap), node.right)
        : Node.of(node.tap, node.left, remove(node.right, tap));
  }

  private static Node merge(Node left, Node right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return rank(left.tap) > rank(right.tap)
        ? Node.of(left.tap, left.left, merge(left.right, right))
        : Node.of(right.tap, merge(left, right.left), right.right);
  }

  /**
   * The heap priority of a tap: a hash of its number, so that the tree is balanced as if taps were added in random
   * order.
   */
  private static long rank(TapPoint tap) {
    long mixed = (tap.number + 1) * 0x9e37_79b9_7f4a_7c15L;
    return mixed ^ mixed >>> 32;
  }

  private static int compare(TapPoint a, TapPoint b) {
    int order = Long.compareUnsigned(first(a), first(b));
    return order != 0 ? order : Long.compare(a.number, b.number);
  }

  private static long first(TapPoint tap) {
    return tap.filter.range().first();
  }

  private static long last(TapPoint tap) {
    return tap.filter.range().last();
  }

  @Override
  public boolean concern(Access access) {
    return root != null && (root.kinds & access.bit()) != 0;
  }

  @Override
  public boolean asksBefore() {
    return root != null && root.asks;
  }

  @Override
  public boolean tellsAfter() {
    return root != null && root.tells;
  }

  @Override
  void find(long first, long last, TapMatches found) {
    find(root, first, last, found);
  }

  private static void find(Node from, long first, long last, TapMatches found) {
    Node node = from;
    while (node != null && Long.compareUnsigned(node.highest, first) >= 0) {
      find(node.left, first, last, found);
      if (Long.compareUnsigned(first(node.tap), last) > 0) {
        return;
      }
      if (Long.compareUnsigned(last(node.tap), first) >= 0) {
        found.add(node.tap);
      }
      node = node.right;
    }
  }
}
