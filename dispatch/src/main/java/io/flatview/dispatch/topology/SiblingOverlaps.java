package io.flatview.dispatch.topology;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MapFault;
import java.util.Comparator;
import java.util.List;

/**
 * Finds siblings that overlap: those of equal priority, among which the one placed last wins, or those of any priority.
 */
final class SiblingOverlaps {

  private SiblingOverlaps() {}

  static void find(ParentNode parent, List<MapFault> faults) {
    List<RegionNode> byAddress = parent.childNodes().stream()
        .filter(child -> child.isEnabled() && !child.size().isEmpty())
        .sorted(Comparator.comparingInt((RegionNode child) -> child.priority())
            .thenComparing(RegionNode::address, Long::compareUnsigned))
        .toList();
    for (int i = 0; i < byAddress.size(); i++) {
      RegionNode first = byAddress.get(i);
      for (int j = i + 1; j < byAddress.size() && overlap(first, byAddress.get(j)); j++) {
        faults.add(fault(parent, first, byAddress.get(j)));
      }
    }
  }

  /** A fault for each child of a parent that a region would overlap in the given place. */
  static List<MapFault> with(ParentNode parent, RegionNode node, RegionState placed) {
    if (placed.size().isEmpty()) {
      return List.of();
    }
    AddressRange wanted = new AddressRange(placed.address(), placed.lastInParent());
    return parent.childNodes(wanted.first(), wanted.last()).stream()
        .filter(sibling -> !sibling.size().isEmpty())
        .map(sibling -> new MapFault(MapFault.Id.OVERLAP, "region " + node + " cannot be placed at " + wanted + " in "
            + parent + ", where " + sibling + " has " + extent(sibling) + "; take that out, or place it elsewhere"))
        .toList();
  }

  private static boolean overlap(RegionNode first, RegionNode second) {
    return first.priority() == second.priority()
        && Long.compareUnsigned(second.address(), extent(first).last()) <= 0;
  }

  private static AddressRange extent(RegionNode node) {
    return new AddressRange(node.address(), node.state.lastInParent());
  }

  private static MapFault fault(ParentNode parent, RegionNode first, RegionNode second) {
    return new MapFault(MapFault.Id.EQUAL_PRIORITY_OVERLAP, "in " + parent + ", " + first + " at " + extent(first)
        + " and " + second + " at " + extent(second) + " overlap with equal priority " + first.priority()
        + "; the one placed last wins");
  }
}
