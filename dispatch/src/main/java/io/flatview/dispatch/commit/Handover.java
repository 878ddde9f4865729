package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;

/**
 * The retirement of one commit, allocated before the commit is published: the generation that it replaces, and the
 * steps to take when no reader can see that generation any more. Each step is taken even if an earlier one fails.
 */
final class Handover implements ReclaimAction {

  private final Generation replaced;
  private final List<RamBlock> gone;
  private final List<Move> moves;
  private final List<RegionNode> closedRegions;
  private final List<Ticket> tickets;
  private final Failures failures = new Failures();

  /** The next handover in {@link Handovers}. */
  Handover next;

  /** The queue in which the handover is counted; set when it is added. */
  Handovers handovers;

  /**
   * Makes a handover.
   *
   * @param replaced the generation; null if no view changed
   * @param gone the blocks of sections that are gone, once for each
   * @param moves the spaces whose earlier stays are cut off, since no reader needs them any more
   * @param closedRegions the regions that cannot be reached afterwards
   * @param tickets the tickets of the transactions that were committed
   */
  Handover(
      Generation replaced, List<RamBlock> gone, List<Move> moves, List<RegionNode> closedRegions,
      List<Ticket> tickets) {
    this.replaced = replaced;
    this.gone = gone;
    this.moves = moves;
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

  /** Takes the steps. Allocates nothing of its own, or memory would not be released when the heap is exhausted. */
  @Override
  public void reclaim() {
    ShownMemory.release(gone, failures);
    for (int i = 0; i < moves.size(); i++) {
      moves.get(i).cut();
    }
    handovers.ran(this);
    for (int i = 0; i < closedRegions.size(); i++) {
      unreachable(closedRegions.get(i));
    }
    for (int i = 0; i < tickets.size(); i++) {
      reclaimed(tickets.get(i));
    }
    failures.throwFirst();
  }

  /** The policy gives up: a reader may see the replaced generation for ever, and all that waits for its end fails. */
  @Override
  public void abandon(Throwable cause) {
    for (RamBlock block : gone) {
      attempt(() -> block.abandon(cause));
    }
    for (RegionNode region : closedRegions) {
      attempt(() -> region.abandon(cause));
    }
    for (Ticket ticket : tickets) {
      attempt(() -> ticket.abandoned(cause));
    }
    failures.throwFirst();
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  private void unreachable(RegionNode region) {
    try {
      region.unreachable();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  private void reclaimed(Ticket ticket) {
    try {
      ticket.reclaimed();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  @Override
  public String toString() {
    return replaced == null ? "tickets of a commit" : "generation " + replaced.number();
  }
}
