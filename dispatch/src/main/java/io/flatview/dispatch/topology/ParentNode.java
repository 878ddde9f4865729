package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A region that may have children. */
public abstract sealed class ParentNode extends RegionNode
    permits ContainerNode, ReservedNode, MmioNode, IommuNode, MemoryNode {

  /**
   * In the order in which they win. Changed under the topology's lock and this monitor together, so that either is
   * enough to read.
   */
  private final List<RegionNode> children = new ArrayList<>();

  ParentNode(Topology topology, String name, Size size) {
    super(topology, name, size);
  }

  /**
   * The children, in the order in which they win.
   *
   * @return a view; only for a holder of the topology's lock
   */
  public final List<RegionNode> childNodes() {
    return Collections.unmodifiableList(children);
  }

  public final synchronized List<MemoryRegion> children() {
    return children.stream().map(RegionNode::region).toList();
  }

  /** Inserts before the first sibling whose priority is not higher, so that of equals the latest wins. */
  final synchronized void insert(RegionNode child) {
    int low = 0;
    int high = children.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (children.get(middle).priority > child.priority) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    children.add(low, child);
  }

  final synchronized void insert(int at, RegionNode child) {
    children.add(at, child);
  }

  /** Removes a child and tells where it stood. */
  final synchronized int remove(RegionNode child) {
    int at = children.indexOf(child);
    children.remove(at);
    return at;
  }
}
