package io.flatview.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the invalidations of an {@link IommuTranslator}'s mappings, like KVM's {@code mmu_invalidate_seq}. With it, a
 * translator lets readers cache its answers: see {@link IommuTlbEntry#reusableWhile}.
 *
 * <p>Code that changes mappings makes the change, {@linkplain #advance() advances} the sequence, and waits for a grace
 * period. A reader takes the {@linkplain #current() current} number, reads mappings, and keeps the answer with the
 * number.
 *
 * <ul>
 *   <li>If the reader got the number after an advance, the acquire load in {@code current} pairs with the volatile
 *       increment in {@code advance}: the reader sees the changed mappings.
 *   <li>If the reader got the number before the advance, its answer may be out of date. A section that began before the
 *       grace period may still use it, and the grace period waits for that section. A later section sees the increment,
 *       so {@link #isCurrent} is false there, and the answer is not used.
 * </ul>
 *
 * <p>So the load in {@code isCurrent} needs no order and is opaque, which keeps the compiler from hoisting it out of a
 * section or using one load for several sections. The reclamation policy orders it after the section's entry.
 *
 * <p><b>Threading.</b> All methods may be called by any thread.
 */
public final class InvalidationSequence {

  private static final VarHandle NUMBER;

  static {
    try {
      NUMBER = MethodHandles.lookup().findVarHandle(InvalidationSequence.class, "number", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Accessed through {@link #NUMBER} only. */
  private long number;

  /** A sequence that has not advanced. */
  public InvalidationSequence() {}

  /**
   * The number to keep with an answer. Take it before reading any of the mappings that make up the answer.
   *
   * @return a number that never comes back once it has changed
   */
  public long current() {
    return (long) NUMBER.getAcquire(this);
  }

  /**
   * Whether nothing was invalidated since a number was taken.
   *
   * @param seen the number that {@link #current()} gave
   * @return true if the sequence has not advanced since
   */
  public boolean isCurrent(long seen) {
    return (long) NUMBER.getOpaque(this) == seen;
  }

  /** Invalidates all answers that were made before; call it after the mappings have changed. */
  public void advance() {
    NUMBER.getAndAdd(this, 1L);
  }
}
