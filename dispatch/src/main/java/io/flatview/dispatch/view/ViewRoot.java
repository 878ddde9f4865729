package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ContainerNode;
import io.flatview.dispatch.topology.IommuNode;
import io.flatview.dispatch.topology.MemoryNode;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.ReservedNode;
import io.flatview.dispatch.unsigned.Unsigned;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;

/**
 * The region at which rendering of an address space starts. Address spaces with equal view roots share a view.
 *
 * <p>Starting from the address space's root, two kinds of region are passed through: an alias that shows its target
 * whole, and a container whose only enabled child lies at offset 0 and is no larger than the container. QEMU loses the
 * flags of regions that it passes through, and shifts the view by the target's own address; here the flags are
 * inherited, and as for any other alias it does not matter where else the target is placed.
 *
 * @param node the region to render; null if nothing can show
 * @param part the addresses at which the region shows, and its offset at the lowest
 * @param inherited the flags of the regions that were passed through
 */
public record ViewRoot(RegionNode node, VisiblePart part, Inherited inherited) {

  /** The number of regions that a path usually has. */
  private static final int FEW = 4;

  static final ViewRoot NOTHING = new ViewRoot(null, null, Inherited.NOTHING);

  /**
   * Finds the view root.
   *
   * @param root the root of an address space
   * @param looked receives every region on which the result depends; a change of a child marks its parent as changed,
   *     too
   * @return where the view of an address space with that root starts
   * @throws MapException if aliases lead back to a region on the path, and so have no end
   */
  public static ViewRoot of(RegionNode root, Set<RegionNode> looked) {
    VisiblePart part = VisiblePart.of(root);
    Inherited inherited = Inherited.NOTHING;
    Set<RegionNode> passed = Collections.newSetFromMap(new IdentityHashMap<>(FEW));
    for (RegionNode node = root; node != null; ) {
      looked.add(node);
      boolean seen = !passed.add(node);
      if (!node.isEnabled() || part == null) {
        return NOTHING;
      }
      if (seen) {
        throw new MapException(MapFault.Id.ALIAS_RECURSION,
            "root " + root + " leads to " + node + ", which leads back to itself without end");
      }
      if (node instanceof RegionNode.AliasNode alias) {
        looked.add(alias.targetNode());
      }
      RegionNode next = passThrough(node);
      if (next == node) {
        return new ViewRoot(node, part, inherited);
      }
      inherited = inherited.through(node);
      part = next == null ? null : within(part, next);
      node = next;
    }
    return NOTHING;
  }

  private static VisiblePart within(VisiblePart part, RegionNode next) {
    return next.size().isEmpty() ? null : new VisiblePart(part.first(), clippedLast(part, next), 0);
  }

  private static long clippedLast(VisiblePart part, RegionNode next) {
    long length = part.last() - part.first();
    long wanted = next.size().last();
    return part.first() + Unsigned.min(wanted, length);
  }

  /** The next region on the path to the view root: the node itself if it is the view root, null if nothing shows. */
  static RegionNode passThrough(RegionNode node) {
    return switch (node) {
      case RegionNode.AliasNode alias -> showsAll(alias) ? alias.targetNode() : alias;
      case ContainerNode container -> onlyChild(container);
      case BankNode _, MmioNode _, ReservedNode _, IommuNode _, MemoryNode _ -> node;
    };
  }

  private static boolean showsAll(RegionNode.AliasNode alias) {
    return alias.targetOffset() == 0 && alias.size().compareTo(alias.targetNode().size()) >= 0;
  }

  private static RegionNode onlyChild(ContainerNode container) {
    return switch (container.enabledChildren()) {
      case 0 -> null;
      case 1 -> fills(container, container.onlyEnabledChild()) ? container.onlyEnabledChild() : container;
      default -> container;
    };
  }

  private static boolean fills(ContainerNode container, RegionNode child) {
    return child.address() == 0 && container.size().compareTo(child.size()) >= 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ViewRoot root
        && node == root.node && Objects.equals(part, root.part) && inherited.equals(root.inherited);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Objects.hashCode(node) + Objects.hashCode(part)) + inherited.hashCode();
  }
}
