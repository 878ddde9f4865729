package io.flatview.memory;

/**
 * A callback after accesses, for a trace, a watchpoint or a counter.
 *
 * <p>It is called in the accessing thread, inside its read-side section, after the access was made; possibly by several
 * threads at once. Taps that watch the same bytes are called in the order in which they were attached. A tap may use
 * the reader for accesses of its own, and may attach and remove taps, including itself; it cannot attach any while it
 * is called for an access that a device makes in its own callback. It must neither block nor wait for a grace period. A
 * tap that throws an exception is reported to the log and removed; the access and the other taps go on. An {@link
 * Error} reaches the caller of the access, which was made.
 */
@FunctionalInterface
public interface AccessTap {

  /**
   * An access was made.
   *
   * @param access the access that was made; valid only during the call
   */
  void accessed(TappedAccess access);
}
