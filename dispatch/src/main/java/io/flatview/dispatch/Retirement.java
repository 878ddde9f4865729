package io.flatview.dispatch;

import io.flatview.dispatch.generation.Generation;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.rcu.ReclaimPolicy;
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

  private final ReclaimPolicy policy;
  private final AtomicInteger slots = new AtomicInteger(Generation.NO_SLOT + 1);
  private final Queue<Integer> freeSlots = new ConcurrentLinkedQueue<>();
  private final AtomicLong retired = new AtomicLong();
  private final AtomicLong reclaimed = new AtomicLong();

  Retirement(ReclaimPolicy policy) {
    this.policy = policy;
  }

  void retire(
      Generation replaced, List<List<MemoryRegionSection>> gone, List<DispatchSpace> closed, List<Ticket> tickets) {
    retired.incrementAndGet();
    policy.retire(replaced, () -> {
      gone.forEach(ShownViews::release);
      closed.forEach(this::giveBackSlot);
      reclaimed.incrementAndGet();
      tickets.forEach(Ticket::reclaimed);
    });
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
      policy.retire(() -> tickets.forEach(Ticket::reclaimed));
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
