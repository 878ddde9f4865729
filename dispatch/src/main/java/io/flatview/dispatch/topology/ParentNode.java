package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A region that may have children. */
public abstract sealed class ParentNode extends RegionNode
    permits ContainerNode, ReservedNode, MmioNode, IommuNode, MemoryNode {

  /** The order in which children win: by priority, and of equals the one placed last. */
  private static final Comparator<RegionNode> WINNERS_FIRST =
      Comparator.comparingInt((RegionNode child) -> child.priority)
          .thenComparingLong(child -> child.placed).reversed();

  /** Changed under the topology's lock and this monitor together, so that either is enough to read. */
  private final ChildIndex children = new ChildIndex();

  ParentNode(Topology topology, String name, Size size) {
    super(topology, name, size);
  }

  /**
   * The children, in the order in which they win.
   *
   * @return a new list; only for a holder of the topology's lock
   */
  public final List<RegionNode> childNodes() {
    return childNodes(0, -1);
  }

  /**
   * The children that meet a range, in the order in which they win. A child without size may be among them.
   *
   * @param first lowest offset, unsigned, inclusive
   * @param last highest offset, unsigned, inclusive
   * @return a new list; only for a holder of the topology's lock
   */
  public final List<RegionNode> childNodes(long first, long last) {
    List<RegionNode> found = new ArrayList<>();
    children.meeting(first, last, found::add);
    if (found.size() > 1) {
      found.sort(WINNERS_FIRST);
    }
    return found;
  }

  /**
   * How many children are enabled.
   *
   * @return the count
   */
  public final int enabledChildren() {
    return children.enabled();
  }

  /**
   * An enabled child; there must be one.
   *
   * @return the child with the lowest address
   */
  public final RegionNode firstEnabledChild() {
    return children.firstEnabled();
  }

  public final synchronized List<MemoryRegion> children() {
    return childNodes().stream().map(RegionNode::region).toList();
  }

  final synchronized void insert(RegionNode child) {
    children.insert(child);
  }

  final synchronized void remove(RegionNode child) {
    children.remove(child);
  }

  /** Changes something of a child that the index knows of. */
  final synchronized void reindex(RegionNode child, Runnable change) {
    children.remove(child);
    change.run();
    children.insert(child);
  }
}
