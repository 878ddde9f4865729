package io.flatview.dispatch.access;

import java.lang.ref.WeakReference;

/** The chains of accesses of a memory system: one for each thread. Thread-safe. */
public final class AccessChains {

  /**
   * The chains; weak references, since a thread outlives memory systems, and a chain refers to a memory system's
   * readers. While a device is in a chain, or a chain has deferred work, the access that entered the device keeps the
   * chain reachable.
   */
  private final ThreadLocal<WeakReference<AccessChain>> chains = new ThreadLocal<>();

  /** Makes an object without chains. */
  public AccessChains() {}

  /**
   * The chain of the calling thread.
   *
   * @return its chain, possibly without a device
   */
  public AccessChain current() {
    WeakReference<AccessChain> known = chains.get();
    AccessChain chain = known == null ? null : known.get();
    return chain == null ? make() : chain;
  }

  private AccessChain make() {
    ThreadChains siblings = ThreadChains.current();
    AccessChain made = new AccessChain(Thread.currentThread(), siblings);
    WeakReference<AccessChain> known = new WeakReference<>(made);
    siblings.add(known);
    chains.set(known);
    return made;
  }
}
