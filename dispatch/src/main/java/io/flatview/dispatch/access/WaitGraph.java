package io.flatview.dispatch.access;

import io.flatview.memory.DeviceGuard;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The threads that wait for a device's lock while they hold that of another. Thread-safe.
 *
 * <p>The graph is consistent at one moment. A holder neither takes nor gives back a lock between {@link #begin} and
 * {@link #end}, save the one that it waits for, and nothing begins or ends while the graph is looked at. So the threads
 * of a circle block each other for good, until one of them is refused; since that one leaves under the same lock, the
 * others find no circle and wait on. If waits were read one after the other, without the lock, a chain could be seen
 * waiting before it released its locks, and its successor after: a circle of waits that never existed at one time.
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
