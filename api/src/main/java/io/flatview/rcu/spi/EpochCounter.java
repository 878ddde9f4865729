package io.flatview.rcu.spi;

import java.util.List;

/**
 * The number that readers copy into their slots and every grace period raises: the writer's side of the flavours epoch
 * and qsbr.
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
   * although its reader may still find what was unlinked before. The RMW releases. So a reader without a fence must
   * acquire. A reader that issues a full fence between its load of the number and its first load of a pointer need not
   * acquire, since the fence orders the two. Nor need a reader for which the grace period issues the fence, between the
   * unlinking and the RMW: a reader that sees the new number is past that fence.
   *
   * The low bits of a number are those of an outermost section, see Slot: a reader can store it as it is.
   *
   * Every reader loads this word at every entry. So it lies alone on its cache lines, and is a field of the counter
   * itself, not of an object that the reader would have to load first.
   */

  private static final long STEP = Slot.NESTING + 1;

  /** Makes a counter at its first number, which is not 0: a slot shows 0 outside. */
  public EpochCounter() {
    EPOCH.setRelease(this, STEP + Slot.OUTERMOST);
  }

  /**
   * The number that a reader is to store in its slot, read by an acquire.
   *
   * @return the present number, above 0; to be stored in a slot as it is
   */
  public long getAcquire() {
    return (long) EPOCH.getAcquire(this);
  }

  /**
   * The number that a reader is to store in its slot, read without order: for a reader that issues a fence after the
   * load, or whose grace periods issue it.
   *
   * @return the present number, above 0; to be stored in a slot as it is
   */
  public long getOpaque() {
    return (long) EPOCH.getOpaque(this);
  }

  /**
   * Begins a grace period, as {@link Flavour#begin} does: raises the number. The scan goes on until no slot shows an
   * older one.
   *
   * @param readers whose slots show 0 outside and a number of this counter inside
   * @return the scan of those slots
   */
  public Scan begin(List<SlotReader> readers) {
    return new SlotScan(readers, (long) EPOCH.getAndAdd(this, STEP) + STEP);
  }
}
