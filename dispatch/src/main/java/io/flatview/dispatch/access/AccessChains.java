package io.flatview.dispatch.access;

/** The chains of accesses of a memory system: one for each thread. Thread-safe. */
public final class AccessChains {

  private final WaitGraph waits = new WaitGraph();
  private final ThreadLocal<AccessChain> chains =
      ThreadLocal.withInitial(() -> new AccessChain(waits, Thread.currentThread()));

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
}
