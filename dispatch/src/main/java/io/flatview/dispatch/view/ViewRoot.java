package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.ContainerNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import java.util.List;
import java.util.Set;

/**
 * Where the rendering of an address space starts. Address spaces with equal view roots share a view.
 *
 * <p>Starting from the address space's root, an alias that shows its target whole and a container whose only enabled
 * child fills it from offset 0 are passed through. QEMU forgets the flags of what it passes through, and shifts the
 * view by the target's own address; here the flags are kept, and a target's place elsewhere does not matter, as for any
 * other alias.
 *
 * @param node the region to render; null if nothing can show
 * @param window where it shows
 * @param inherited from what was passed through
 */
record ViewRoot(RegionNode node, Window window, Inherited inherited) {

  static final ViewRoot NOTHING = new ViewRoot(null, null, Inherited.NOTHING);

  /**
   * Finds the view root.
   *
   * @param root of an address space
   * @param looked gets every region that was looked at
   * @throws MapException if aliases lead back to the root without end
   */
  static ViewRoot of(RegionNode root, Set<RegionNode> looked) {
    Window window = Window.of(root);
    Inherited inherited = Inherited.NOTHING;
    for (RegionNode node = root; node != null; ) {
      boolean seen = !looked.add(node);
      if (!node.isEnabled() || window == null) {
        return NOTHING;
      }
      if (seen) {
        throw new MapException(MapFault.Id.ALIAS_RECURSION,
            "root " + root + " leads to " + node + ", which leads back to itself without end");
      }
      RegionNode next = passThrough(node, looked);
      if (next == node) {
        return new ViewRoot(node, window, inherited);
      }
      inherited = inherited.through(node);
      window = next == null ? null : within(window, next);
      node = next;
    }
    return NOTHING;
  }

  private static Window within(Window window, RegionNode next) {
    return next.size().isEmpty() ? null : new Window(window.first(), clippedLast(window, next), 0);
  }

  private static long clippedLast(Window window, RegionNode next) {
    long length = window.last() - window.first();
    long wanted = next.size().last();
    return window.first() + (Long.compareUnsigned(wanted, length) < 0 ? wanted : length);
  }

  /** The region to go on with: the node itself to stop there, null if nothing shows. */
  private static RegionNode passThrough(RegionNode node, Set<RegionNode> looked) {
    return switch (node) {
      case RegionNode.AliasNode alias when showsAll(alias) -> alias.targetNode();
      case ContainerNode container -> onlyChild(container, looked);
      default -> node;
    };
  }

  private static boolean showsAll(RegionNode.AliasNode alias) {
    return alias.targetOffset() == 0 && alias.size().compareTo(alias.targetNode().size()) >= 0;
  }

  private static RegionNode onlyChild(ContainerNode container, Set<RegionNode> looked) {
    // A disabled child that is enabled later changes the outcome; the enabled ones are looked at by whoever goes on.
    container.childNodes().stream().filter(child -> !child.isEnabled()).forEach(looked::add);
    List<RegionNode> enabled = container.childNodes().stream().filter(RegionNode::isEnabled).limit(2).toList();
    return switch (enabled.size()) {
      case 0 -> null;
      case 1 -> fills(container, enabled.getFirst()) ? enabled.getFirst() : container;
      default -> container;
    };
  }

  private static boolean fills(ContainerNode container, RegionNode child) {
    return child.address() == 0 && container.size().compareTo(child.size()) >= 0;
  }
}
