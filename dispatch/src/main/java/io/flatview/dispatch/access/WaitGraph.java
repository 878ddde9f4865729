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
 */
final class WaitGraph {

  private static final int FEW = 2;

  /** A holder of device locks. */
  interface Holder {

    /** Whether it holds this guard's lock. Called by other threads, between {@link #begin} and {@link #end}. */
    boolean holds(DeviceGuard guard);
  }

  private final Map<Holder, DeviceGuard> awaited = new IdentityHashMap<>(FEW);

  synchronized void begin(Holder holder, DeviceGuard wanted) {
    awaited.put(holder, wanted);
  }

  synchronized void end(Holder holder) {
    awaited.remove(holder);
  }

  /**
   * Ends a wait that leads back to itself: the lock's holder waits for a lock whose holder waits, and so on.
   */
  synchronized boolean endIfCircle(Holder waiting) {
    Holder holder = waiting;
    for (int hops = awaited.size(); holder != null && hops > 0; hops--) {
      holder = holderOf(awaited.get(holder));
      if (holder == waiting) {
        end(waiting);
        return true;
      }
    }
    return false;
  }

  private Holder holderOf(DeviceGuard guard) {
    for (Holder holder : awaited.keySet()) {
      if (holder.holds(guard)) {
        return holder;
      }
    }
    return null;
  }
}
