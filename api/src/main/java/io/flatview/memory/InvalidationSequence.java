package io.flatview.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How often mappings of an {@link IommuTranslator} were invalidated: what KVM calls {@code mmu_invalidate_seq}. A
 * translator that has one lets readers use its answers again, see {@link IommuTlbEntry#reusableWhile}.
 *
 * <p>A mapper changes its mappings, {@linkplain #advance() advances} the sequence, and waits for a grace period. A
 * reader takes the {@linkplain #current() current} number, reads mappings, and keeps the answer with the number.
 *
 * <ul>
 *   <li>If the number is one that an advance has stored, the acquire load in {@code current} pairs with the volatile
 *       increment in {@code advance}: the reader reads the mappings as they were changed.
 *   <li>If it is an older one, the answer may be old. A reader that {@linkplain #isCurrent compares} the number in a
 *       section for which the grace period does not wait does not use it: such a section sees what came before the
 *       grace period began, and so the increment.
 * </ul>
 *
 * <p>So the compare itself orders nothing, and is opaque: the opaque load forbids that one compare serves many
 * sections, or is moved out of its own. That the section's entry comes first is what the reclamation policy promises.
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
   * The number to keep with an answer; to be taken before anything is read from which the answer is made.
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

  /** Invalidates all answers that were made before; to be called after the mappings have changed. */
  public void advance() {
    NUMBER.getAndAdd(this, 1L);
  }
}
