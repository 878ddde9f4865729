package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.List;

/** A region that may have children. */
public abstract sealed class ParentNode extends RegionNode
    permits ContainerNode, BankNode, ReservedNode, MmioNode, IommuNode, MemoryNode {

  /**
   * The children. {@link Change} replaces the whole index under the map's lock; volatile for threads that read
   * without the lock.
   */
  volatile ChildIndex children = ChildIndex.EMPTY;

  ParentNode(Topology topology, String name, Size size) {
    this(topology, name, size, false);
  }

  ParentNode(Topology topology, String name, Size size, boolean readOnly) {
    super(topology, name, RegionState.initial(size, readOnly));
  }

  /**
   * The children, in the order in which they win.
   *
   * @return a list of its own
   */
  public final List<RegionNode> childNodes() {
    return childNodes(0, -1);
  }

  /**
   * The children that overlap a range, in the order in which they win. An empty child may be among them.
   *
   * @param first lowest offset, unsigned, inclusive
   * @param last highest offset, unsigned, inclusive
   * @return a list of its own
   */
  public final List<RegionNode> childNodes(long first, long last) {
    return ChildIndex.winnersFirst(children.meeting(first, last));
  }

  /**
   * The number of enabled children.
   *
   * @return 0 if all are disabled
   */
  public final int enabledChildren() {
    return children.enabled();
  }

  /**
   * The only enabled child; there must be exactly one.
   *
   * @return that child
   */
  public final RegionNode onlyEnabledChild() {
    return children.onlyEnabled();
  }

  public final List<MemoryRegion> children() {
    return childNodes().stream().map(RegionNode::region).toList();
  }
}
