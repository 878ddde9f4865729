package io.flatview.rcu;

import java.util.Objects;

/**
 * The limit on memory outside the heap that waits for its grace period, {@linkplain
 * ReclaimPolicy#retire(ReclaimAction, long) retired with its size}. The garbage collector knows nothing of it, and the
 * system ends the process, or refuses its next mapping, where there is too much.
 *
 * <p>{@link BacklogPolicy#THROTTLE} begins early and gently: from some two dozen blocks on, a thread that retires one
 * waits for the next grace period, but for a millisecond at most; if that did not help, it waits again two dozen blocks
 * later. So however fast a writer is, only tens of its blocks wait while readers come and go, and it is stopped at the
 * limit only.
 *
 * <p>A block is accepted while the waiting memory is below the limit, so a single block may be larger than the limit.
 *
 * @param blocks the number of blocks that may wait, at least 1
 * @param bytes the number of bytes that may wait, at least 1
 * @param policy the treatment of a block beyond the limit
 */
public record MemoryLimit(long blocks, long bytes, BacklogPolicy policy) {

  private static final int A_QUARTER_OF_WHAT_LINUX_MAPS = 16_384;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a number is not positive
   */
  public MemoryLimit {
    Objects.requireNonNull(policy, "policy");
    if (blocks < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "a memory limit must be at least 1 block and 1 byte: " + blocks + " blocks, " + bytes + " bytes");
    }
  }

  /**
   * A quarter of the 65,530 mappings that Linux allows a process, as many bytes as the heap may have, which is the
   * JDK's own limit for direct buffers, and {@link BacklogPolicy#THROTTLE}: a writer that swaps mappings while a reader
   * stays in its section waits, rather than end the process.
   *
   * @return the limit of a policy that was made without options
   */
  public static MemoryLimit defaults() {
    return new MemoryLimit(A_QUARTER_OF_WHAT_LINUX_MAPS, Runtime.getRuntime().maxMemory(), BacklogPolicy.THROTTLE);
  }
}
