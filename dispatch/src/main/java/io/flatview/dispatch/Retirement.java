package io.flatview.dispatch;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.generation.Generation;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.RejectedRetireException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What becomes of a replaced generation: after a grace period the sections that are gone let go of their memory, the
 * slots of its closed address spaces are free again, and the tickets complete. Thread-safe; the actions run in the
 * policy's thread.
 */
final class Retirement {

  private static final System.Logger LOG = System.getLogger(Retirement.class.getName());

  private final ReclaimPolicy policy;
  private final AtomicInteger slots = new AtomicInteger(Generation.NO_SLOT + 1);
  private final Queue<Integer> freeSlots = new ConcurrentLinkedQueue<>();
  private final AtomicLong retired = new AtomicLong();
  private final AtomicLong reclaimed = new AtomicLong();

  /** What commits left; the policy gets it by {@link #handOver}. */
  private final Queue<Handover> left = new ConcurrentLinkedQueue<>();

  /** What the policy is to get, and who waits for that. The object is null if there is none. */
  private record Handover(Object replaced, Runnable action, List<Ticket> tickets) {

    void to(ReclaimPolicy policy) {
      if (replaced == null) {
        policy.retire(action::run);
      } else {
        policy.retire(replaced, action::run);
      }
    }
  }

  Retirement(ReclaimPolicy policy) {
    this.policy = policy;
  }

  void retire(
      Generation replaced, List<List<MemoryRegionSection>> gone, List<DispatchSpace> closed, List<Ticket> tickets) {
    retired.incrementAndGet();
    left.add(new Handover(replaced, () -> reclaim(gone, closed, tickets), tickets));
  }

  /** What cannot be given back keeps nobody waiting. */
  private void reclaim(List<List<MemoryRegionSection>> gone, List<DispatchSpace> closed, List<Ticket> tickets) {
    try {
      ShownViews.release(gone);
    } finally {
      closed.forEach(this::giveBackSlot);
      reclaimed.incrementAndGet();
      tickets.forEach(Ticket::reclaimed);
    }
  }

  /**
   * Hands to the policy what commits left. The policy may make its caller wait until readers have left their sections:
   * so the caller holds no lock that a reader may want. The map is published already, so what the policy refuses for
   * want of room waits for a grace period all the same.
   */
  void handOver() {
    for (Handover next = left.poll(); next != null; next = left.poll()) {
      try {
        next.to(policy);
      } catch (RejectedRetireException e) {
        LOG.log(WARNING, "the policy has no room for a replaced map, which waits for a grace period of its own", e);
        policy.startGracePeriod().stage().thenRun(next.action());
      } catch (RuntimeException e) {
        next.tickets().forEach(ticket -> ticket.failed(e));
        throw e;
      }
    }
  }

  /**
   * Completes tickets of commits that changed no view. What they took out may still show in an older generation, where
   * an earlier commit hid it: so they wait until every generation before the present one is reclaimed. If something
   * else changed that readers may be in the midst of, they wait for a grace period.
   */
  void follow(List<Ticket> tickets, boolean somethingChanged) {
    if (!somethingChanged && reclaimed.get() == retired.get()) {
      tickets.forEach(Ticket::reclaimed);
    } else {
      left.add(new Handover(null, () -> tickets.forEach(Ticket::reclaimed), tickets));
    }
  }

  /** A slot that no reader can see in use. */
  int takeSlot() {
    Integer free = freeSlots.poll();
    return free != null ? free : slots.getAndIncrement();
  }

  /** Gives back the slot of a space that no reader can see. */
  void giveBackSlot(DispatchSpace space) {
    int slot = space.slot();
    space.vacate();
    freeSlots.add(slot);
  }

  long reclaimed() {
    return reclaimed.get();
  }
}
