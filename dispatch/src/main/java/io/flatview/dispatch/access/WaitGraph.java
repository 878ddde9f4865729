package io.flatview.dispatch.access;

import io.flatview.memory.DeviceGuard;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The threads that wait for a device's lock while they hold that of another. Thread-safe.
 *
 * <p>The graph is consistent at one moment. Between {@link #begin} and {@link #end} a holder neither takes nor releases
 * a lock, except the one that it waits for, and while the graph is searched no wait begins or ends. So the threads of a
 * circle block each other for ever, unless one of them is refused. That thread leaves the graph under the same lock, so
 * the others find no circle any more and go on waiting. Without the lock, a search could see one thread before it
 * released its locks, and the next thread after that: a circle that never existed at one time.
 *
 * <p>A wait that is to be refused last is refused only if all waits of its circle are of that kind. Otherwise another
 * thread of the circle finds it at its next look, however long the machine keeps that thread from looking.
 */
final class WaitGraph {

  private static final int FEW = 2;

  /** A holder of device locks. */
  interface Holder {

    /** Whether it holds this guard's lock. Called by other threads, between {@link #begin} and {@link #end}. */
    boolean holds(DeviceGuard guard);
  }

  /** One thread's wait. */
  private record Wait(DeviceGuard wanted, boolean refusedLast) {}

  private final Map<Holder, Wait> waits = new IdentityHashMap<>(FEW);

  synchronized void begin(Holder holder, DeviceGuard wanted, boolean refusedLast) {
    waits.put(holder, new Wait(wanted, refusedLast));
  }

  synchronized void end(Holder holder) {
    waits.remove(holder);
  }

  /**
   * Ends a wait that leads back to itself and is to be refused: the lock's holder waits for a lock whose holder waits,
   * and so on. Returns whether it did.
   */
  synchronized boolean endIfCircle(Holder waiting) {
    boolean allLast = true;
    Wait wait = waits.get(waiting);
    for (int hops = waits.size(); wait != null && hops > 0; hops--) {
      allLast &= wait.refusedLast;
      Holder holder = holderOf(wait.wanted);
      if (holder == waiting) {
        return endUnlessLast(waiting, allLast);
      }
      wait = waits.get(holder);
    }
    return false;
  }

  private boolean endUnlessLast(Holder waiting, boolean allLast) {
    boolean ends = allLast || !waits.get(waiting).refusedLast;
    if (ends) {
      end(waiting);
    }
    return ends;
  }

  private Holder holderOf(DeviceGuard guard) {
    for (Holder holder : waits.keySet()) {
      if (holder.holds(guard)) {
        return holder;
      }
    }
    return null;
  }
}
