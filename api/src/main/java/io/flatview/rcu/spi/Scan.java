package io.flatview.rcu.spi;

/** The wait of one grace period for the sections that were open when it began. */
@FunctionalInterface
public interface Scan {

  /**
   * Looks at the readers that were inside when last looked at. Never blocks; the caller backs off between calls.
   * Allocates nothing: memory may have run out because of what the grace period is to free.
   *
   * @return true if every section that was open at {@link Flavour#begin} has ended; what was read in them was read
   * before
   */
  boolean isOver();

  /**
   * Whether a reader is among those that this grace period waits for, for reports. Called between two looks.
   *
   * @param reader one of the policy's
   * @return true if it holds up this grace period; true for any reader whose slot is taken, if the flavour does not
   * know better
   */
  default boolean isHeldUpBy(SlotReader reader) {
    return reader.getSlotAcquire() != 0;
  }
}
