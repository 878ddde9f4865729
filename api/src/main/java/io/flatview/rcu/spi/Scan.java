package io.flatview.rcu.spi;

/** The wait of one grace period for the sections that were open when it began. */
@FunctionalInterface
public interface Scan {

  /**
   * Checks the readers that were inside at the last call. Never blocks; the caller backs off between calls. Allocates
   * nothing: memory may be exhausted by the very objects that the grace period is to free.
   *
   * @return true if every section that was open at {@link Flavour#begin} has ended; the reads of these sections
   *     happen before the return
   */
  boolean isOver();

  /**
   * Whether a reader is among those that this grace period waits for, for reports. The engine calls this between two
   * calls of {@link #isOver}.
   *
   * @param reader a reader of the policy
   * @return true if it holds up this grace period; by default, true for any reader whose slot is taken
   */
  default boolean isHeldUpBy(SlotReader reader) {
    return reader.getSlotAcquire() != 0;
  }
}
