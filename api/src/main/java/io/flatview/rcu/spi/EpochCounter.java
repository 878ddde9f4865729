package io.flatview.rcu.spi;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The number that readers copy into their slots and every grace period raises: the writer's half of the flavours that
 * look at each reader by itself.
 *
 * <p>A reader that holds the number of a grace period, or a later one, read it after that grace period began.
 */
public final class EpochCounter {

  /*
   *   field | read                | write                              | guard
   *   epoch | acquire by readers  | volatile RMW by the reclaiming     | single writer
   *
   * The RMW releases, the readers acquire: whoever reads number e is ordered after fence B of the grace period that
   * stored it. Forbidden: a slot shows e although its reader may still find what was unlinked before.
   */

  private final AtomicLong epoch = new AtomicLong(1);

  /** A counter at 1; 0 is what a slot shows outside. */
  public EpochCounter() {}

  /**
   * The number that a reader shows from here on.
   *
   * @return the present number, at least 1
   */
  public long getAcquire() {
    return epoch.getAcquire();
  }

  /**
   * Begins a grace period, as {@link Flavour#begin} does: raises the number, and waits for every slot that shows an
   * older one.
   *
   * @param readers whose slots show 0 outside and a number of this counter inside
   * @return the scan of those slots
   */
  public Scan begin(List<SlotReader> readers) {
    return new SlotScan(readers, epoch.incrementAndGet());
  }
}
