package io.flatview.dispatch.access;

import io.flatview.memory.DeviceGuard;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Who waits for which device's lock while holding that of another. Thread-safe.
 *
 * <p>What is seen here held at one moment. A holder neither takes nor gives back a lock between {@link #begin} and
 * {@link #end}, save the one that it waits for, and nothing begins or ends while the graph is looked at. So those that
 * close a circle hold each other up for good, until one of them is refused; and since that one ends under the same
 * lock, the others find no circle and go on. If a look read one wait after the other, a chain could be seen waiting
 * before it let go of all it held, and its successor after: a circle of waits that never were at one time.
 */
final class WaitGraph {

  /** Somebody that holds locks of devices. */
  interface Holder {

    /** Whether it holds this guard's lock. Asked by other threads, between {@link #begin} and {@link #end}. */
    boolean holds(DeviceGuard guard);
  }

  private final Map<Holder, DeviceGuard> awaited = new IdentityHashMap<>();

  synchronized void begin(Holder holder, DeviceGuard wanted) {
    awaited.put(holder, wanted);
  }

  synchronized void end(Holder holder) {
    awaited.remove(holder);
  }

  /**
   * Ends a wait if it is for itself in the end: the lock is held by somebody who waits for a lock that is held by
   * somebody who waits, and so on.
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
