package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.unsigned.Unsigned;

/**
 * The part of a region that can show at some addresses: the region's offsets from {@code offset} on are at the
 * addresses {@code first..last}.
 *
 * <p>Parts only shrink on the way down the tree, and every bound is an offset or an address that exists. So 64 bits are
 * enough where a base address needs 66: an alias can shift a base below 0, and a region can reach past 2<sup>64</sup>.
 *
 * @param first the lowest address, unsigned, inclusive
 * @param last the highest address, unsigned, inclusive
 * @param offset the region's offset at {@code first}, unsigned; {@code offset + (last - first)} does not overflow
 */
public record VisiblePart(long first, long last, long offset) {

  /**
   * All of a region at its own address; the part past 2<sup>64</sup> is cut off.
   *
   * @param root the region
   * @return its part; null if the region is empty
   */
  public static VisiblePart of(RegionNode root) {
    if (root.size().isEmpty()) {
      return null;
    }
    long start = root.address();
    return new VisiblePart(start, start + Unsigned.min(root.size().last(), -1 - start), 0);
  }

  /** This part, cut to some of its addresses. */
  VisiblePart at(long from, long to) {
    return new VisiblePart(from, to, offset + (from - first));
  }

  /**
   * The part of a child that shows at these addresses.
   *
   * @param child a child of the region
   * @return the child's part; null where the child does not reach
   */
  public VisiblePart onChild(RegionNode child) {
    if (child.size().isEmpty()) {
      return null;
    }
    long start = child.address();
    long end = start + Unsigned.min(child.size().last(), -1 - start);
    long from = Unsigned.max(offset, start);
    long to = Unsigned.min(offsetOfLast(), end);
    return Long.compareUnsigned(from, to) > 0
        ? null
        : new VisiblePart(first + (from - offset), first + (to - offset), from - start);
  }

  /**
   * The part of an alias's target that shows at these addresses.
   *
   * @param alias the region of this part
   * @return the target's part; null where the target does not reach
   */
  public VisiblePart onTarget(RegionNode.AliasNode alias) {
    RegionNode target = alias.targetNode();
    long from = alias.targetOffset() + offset;
    if (target.size().isEmpty()
        || Long.compareUnsigned(from, offset) < 0
        || Long.compareUnsigned(from, target.size().last()) > 0) {
      return null;
    }
    long length = Unsigned.min(last - first, target.size().last() - from);
    return new VisiblePart(first, first + length, from);
  }

  /** The region's offset at the last address. */
  long offsetOfLast() {
    return offset + (last - first);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VisiblePart part && first == part.first && last == part.last && offset == part.offset;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(first) + Long.hashCode(last)) + Long.hashCode(offset);
  }
}
