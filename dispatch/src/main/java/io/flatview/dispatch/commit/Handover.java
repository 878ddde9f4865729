package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;

/**
 * What a commit hands over for reclamation, made before it is published: the generation that it replaces, and what
 * happens when no reader can see that any more. A failed step must not keep the later ones from happening.
 */
final class Handover implements ReclaimAction {

  private final Generation replaced;
  private final List<List<MemoryRegionSection>> gone;
  private final List<DispatchSpace> closedSpaces;
  private final List<RegionNode> closedRegions;
  private final List<Ticket> tickets;

  /** The next in {@link Handovers}. */
  Handover next;

  /** Who counts it; set when it is added. */
  Handovers handovers;

  /**
   * A handover.
   *
   * @param replaced the generation; null if no view changed
   * @param gone the sections that let go of their memory
   * @param closedSpaces the address spaces whose slots are free afterwards
   * @param closedRegions the regions that cannot be reached afterwards
   * @param tickets of the transactions that were committed
   */
  Handover(
      Generation replaced, List<List<MemoryRegionSection>> gone, List<DispatchSpace> closedSpaces,
      List<RegionNode> closedRegions, List<Ticket> tickets) {
    this.replaced = replaced;
    this.gone = gone;
    this.closedSpaces = closedSpaces;
    this.closedRegions = closedRegions;
    this.tickets = tickets;
  }

  boolean replaces() {
    return replaced != null;
  }

  void to(ReclaimPolicy policy) {
    if (replaced == null) {
      policy.retire(this);
    } else {
      policy.retire(replaced, this);
    }
  }

  @Override
  public void reclaim() {
    try {
      ShownViews.release(gone);
    } finally {
      try {
        closedSpaces.forEach(DispatchSpace::vacateSlot);
        closedRegions.forEach(RegionNode::unreachable);
      } finally {
        handovers.ran(this);
        tickets.forEach(Ticket::reclaimed);
      }
    }
  }

  @Override
  public String toString() {
    return replaced == null ? "tickets of a commit" : "generation " + replaced.number();
  }
}
