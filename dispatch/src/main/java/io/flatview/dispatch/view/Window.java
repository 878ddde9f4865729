package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;

/**
 * A part of a region as it shows in an address space: the region's offsets from {@code offset} on stand at the
 * addresses
 * {@code first..last}.
 *
 * <p>Windows only ever shrink on the way down, and every bound is an offset or an address that exists: so 64 bits are
 * enough where a base address would need 66, because an alias can shift it below 0 and a region can reach past
 * 2<sup>64</sup>.
 *
 * @param first lowest address, unsigned, inclusive
 * @param last highest address, unsigned, inclusive
 * @param offset the region's offset that stands at {@code first}, unsigned; {@code offset + (last - first)} does not
 *     overflow
 */
public record Window(long first, long last, long offset) {

  /**
   * All of a region that starts at an address; what reaches past 2<sup>64</sup> is cut off.
   *
   * @param root the region
   * @return its window, or null if it is empty
   */
  public static Window of(RegionNode root) {
    if (root.size().isEmpty()) {
      return null;
    }
    long start = root.address();
    return new Window(start, start + minUnsigned(root.size().last(), -1 - start), 0);
  }

  /** The part of this window that shows at some of its addresses. */
  Window at(long from, long to) {
    return new Window(from, to, offset + (from - first));
  }

  /**
   * This window on a child of the region.
   *
   * @param child the child
   * @return its window, or null where the child does not show
   */
  public Window onChild(RegionNode child) {
    if (child.size().isEmpty()) {
      return null;
    }
    long start = child.address();
    long end = start + minUnsigned(child.size().last(), -1 - start);
    long from = maxUnsigned(offset, start);
    long to = minUnsigned(offsetOfLast(), end);
    return Long.compareUnsigned(from, to) > 0
        ? null
        : new Window(first + (from - offset), first + (to - offset), from - start);
  }

  /**
   * This window on what an alias shows.
   *
   * @param alias the region of this window
   * @return the window on its target, or null where the target does not reach
   */
  public Window onTarget(RegionNode.AliasNode alias) {
    RegionNode target = alias.targetNode();
    long from = alias.targetOffset() + offset;
    if (target.size().isEmpty()
        || Long.compareUnsigned(from, offset) < 0
        || Long.compareUnsigned(from, target.size().last()) > 0) {
      return null;
    }
    long length = minUnsigned(last - first, target.size().last() - from);
    return new Window(first, first + length, from);
  }

  /** The region's offset that stands at the last address. */
  long offsetOfLast() {
    return offset + (last - first);
  }

  static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }
}
