package io.flatview.memory;

/**
 * Observes accesses without changing them: a trace, a watchpoint, a counter.
 *
 * <p>Called in the accessing thread, inside its read-side section, once the access was served; possibly by several
 * threads at once. Taps that watch the same bytes are called in the order in which they were attached. A tap may use
 * the reader for accesses of its own, may attach and remove taps, itself too, and must neither block nor wait for a
 * grace period. A tap that throws is reported to the log and removed; the access and the other taps go on.
 */
@FunctionalInterface
public interface AccessTap {

  /**
   * An access was served.
   *
   * @param access the access that was served; valid only during the call
   */
  void accessed(TappedAccess access);
}
