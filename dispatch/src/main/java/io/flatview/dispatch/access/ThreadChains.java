package io.flatview.dispatch.access;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The chains of one thread in all memory systems, since a device of one may make accesses in another, and holds its
 * lock meanwhile. Confined to its thread.
 */
final class ThreadChains {

  /**
   * The chains of the thread, kept by each of them. Weak references, since threads of pools outlive the class loader of
   * a program that was unloaded.
   */
  private static final ThreadLocal<WeakReference<ThreadChains>> OWN = new ThreadLocal<>();

  /** Weak references, for the reason given in {@link AccessChains}. */
  private final List<WeakReference<AccessChain>> chains = new ArrayList<>(1);

  private ThreadChains() {}

  static ThreadChains current() {
    WeakReference<ThreadChains> known = OWN.get();
    ThreadChains own = known == null ? null : known.get();
    if (own == null) {
      own = new ThreadChains();
      OWN.set(new WeakReference<>(own));
    }
    return own;
  }

  void add(WeakReference<AccessChain> made) {
    if (!chains.isEmpty()) {
      chains.removeIf(known -> known.refersTo(null));
    }
    chains.add(made);
  }

  /** Whether the thread is in a device, of whichever memory system. */
  boolean isInDevice() {
    for (int i = 0; i < chains.size(); i++) {
      AccessChain chain = chains.get(i).get();
      if (chain != null && chain.depth != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether the thread does what devices have deferred, of whichever memory system. */
  boolean isSettling() {
    for (int i = 0; i < chains.size(); i++) {
      AccessChain chain = chains.get(i).get();
      if (chain != null && chain.settling) {
        return true;
      }
    }
    return false;
  }
}
