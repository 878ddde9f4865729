package io.flatview.dispatch.access;

import io.flatview.memory.DeviceGuard;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The chains of accesses of a memory system: one for each thread. Thread-safe. */
public final class AccessChains {

  private final ThreadLocal<AccessChain> chains = ThreadLocal.withInitial(this::added);
  private final Queue<WeakReference<AccessChain>> all = new ConcurrentLinkedQueue<>();

  /** No chains yet. */
  public AccessChains() {}

  /**
   * The calling thread's.
   *
   * @return its chain, in which no device may be at present
   */
  public AccessChain current() {
    return chains.get();
  }

  private AccessChain added() {
    AccessChain chain = new AccessChain(this, Thread.currentThread());
    all.removeIf(reference -> reference.get() == null);
    all.add(new WeakReference<>(chain));
    return chain;
  }

  /**
   * Whether a chain that waits for a guard waits for itself in the end: the guard is held by a chain that waits, in the
   * callback of a device, for a guard that is held by a chain that waits, and so on. Chains that close a circle stay as
   * they are, so what is seen of them is true; others may change meanwhile, and then there was no circle.
   */
  boolean isCircle(AccessChain waiting) {
    DeviceGuard wanted = waiting.awaited();
    for (int hops = all.size(); wanted != null && hops >= 0; hops--) {
      AccessChain holder = holder(wanted);
      if (holder == waiting) {
        return true;
      }
      wanted = holder == null ? null : holder.awaited();
    }
    return false;
  }

  private AccessChain holder(DeviceGuard guard) {
    for (WeakReference<AccessChain> reference : all) {
      AccessChain chain = reference.get();
      if (chain != null && chain.awaited() != null && chain.holds(guard)) {
        return chain;
      }
    }
    return null;
  }
}
