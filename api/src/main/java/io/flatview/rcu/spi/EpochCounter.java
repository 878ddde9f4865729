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
   *   epoch | acquire, or opaque  | volatile RMW by a grace period     | one grace period at a time
   *         | ahead of a fence    |                                    |
   *
   * A thread that reads number e is ordered after fence B of the grace period that stored it. Forbidden: a slot shows e
   * although its reader may still find what was unlinked before. The RMW releases. A reader that does nothing else must
   * acquire; one that fences between this load and its first load of a pointer need not, as the fence keeps that behind
   * this; nor one that the grace period fences, between its unlinking and the RMW: whatever it loads after a number
   * that was stored behind that fence, it loads behind the fence.
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
   * The number that a reader shows from here on, ordered with nothing: for a reader that fences behind its load, or
   * whose grace periods do.
   *
   * @return the present number, above 0; to be stored in a slot as it is
   */
  public long getOpaque() {
    return (long) EPOCH.getOpaque(this);
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
