package io.flatview.dispatch.topology;

import io.flatview.dispatch.doorbell.DeviceGate;

/**
 * A change of the tree, noted before it is made. Undoing it only stores references that are at hand: it allocates
 * nothing and may be done twice, so that a change can be undone with the heap and the stack exhausted.
 */
sealed interface Change {

  /** Undoes the change. */
  void undo();

  /** The region that changes; null for a change outside the tree. */
  default RegionNode node() {
    return null;
  }

  /** The parent whose children changed, or null. */
  default ParentNode parent() {
    return null;
  }

  /** Adds the offsets of regions whose rendering the change may affect. */
  default void addTo(Dirt dirt) {}

  /** A region gets another place or other properties. */
  record OfState(
      RegionNode node, RegionState before, RegionState after, ParentNode parent, ChildIndex childrenBefore,
      ChildIndex childrenAfter) implements Change {

    @Override
    public void addTo(Dirt dirt) {
      dirt.covered(node, before);
      dirt.covered(node, after);
    }

    /** Calls nothing and allocates nothing, so that a change that was noted cannot fail half way. */
    void make() {
      node.state = after;
      if (parent != null) {
        parent.children = childrenAfter;
      }
    }

    @Override
    public void undo() {
      node.state = before;
      if (parent != null) {
        parent.children = childrenBefore;
      }
    }
  }

  /** A change of a property that only one kind of region has. {@code place} is the region's state at that time. */
  record OfKind(RegionNode node, RegionState place, Runnable inverse) implements Change {

    @Override
    public void addTo(Dirt dirt) {
      dirt.covered(node, place);
    }

    @Override
    public void undo() {
      inverse.run();
    }
  }

  /** A change of a device's doorbells or coalesced ranges, for which nothing is rendered. */
  record OfGate(MmioNode device, DeviceGate.Rules before) implements Change {
    @Override
    public void undo() {
      device.rules = before;
    }
  }

  /** A region is closed. */
  record Closing(RegionNode node, RegionState before) implements Change {
    @Override
    public void undo() {
      if (node instanceof RegionNode.AliasNode alias) {
        alias.targetNode().addAlias(alias);
      }
      node.state = before;
    }
  }

  /** A change outside the tree that is undone with the transaction. */
  record Elsewhere(Runnable inverse) implements Change {
    @Override
    public void undo() {
      inverse.run();
    }
  }
}
