package io.flatview.rcu.spi;

import java.util.List;

/**
 * The number that readers copy into their slots and every grace period raises: the writer's half of the flavours that
 * look at each reader by itself.
 *
 * <p>A reader that holds the number of a grace period, or a later one, read it after that grace period began.
 */
public final class EpochCounter extends EpochLayout.After {

  /*
   *   field | read                | write                              | guard
   *   epoch | acquire by readers  | volatile RMW by a grace period     | one grace period at a time
   *
   * The RMW releases, the readers acquire: whoever reads number e is ordered after fence B of the grace period that
   * stored it. Forbidden: a slot shows e although its reader may still find what was unlinked before.
   *
   * The low bits of a number are those of an outermost section, see Slot: a reader can store it as it is.
   *
   * Every reader loads this word at every entry, so it lies alone on its cache lines, and one load away from here.
   */

  private static final long STEP = Slot.NESTING + 1;

  /** A counter at its first number; 0 is what a slot shows outside. */
  public EpochCounter() {
    EPOCH.setRelease(this, STEP + Slot.OUTERMOST);
  }

  /**
   * The number that a reader shows from here on.
   *
   * @return the present number, above 0; to be stored in a slot as it is
   */
  public long getAcquire() {
    return (long) EPOCH.getAcquire(this);
  }

  /**
   * Begins a grace period, as {@link Flavour#begin} does: raises the number, and waits for every slot that shows an
   * older one.
   *
   * @param readers whose slots show 0 outside and a number of this counter inside
   * @return the scan of those slots
   */
  public Scan begin(List<SlotReader> readers) {
    return new SlotScan(readers, (long) EPOCH.getAndAdd(this, STEP) + STEP);
  }
}
