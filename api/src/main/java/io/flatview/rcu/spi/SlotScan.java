package io.flatview.rcu.spi;

import java.util.ArrayList;
import java.util.List;

/** Waits for the readers whose slot shows an older number than that of the grace period. */
final class SlotScan implements Scan {

  /*
   * A reader that was seen outside, or inside with a number that is new enough, need not be looked at again: whatever
   * it enters later is not this grace period's business. So the list only shrinks. The acquire load of the slot pairs
   * with the release store at the exit. Forbidden: the object is freed while a load of the section that has ended is
   * pending.
   */

  private final List<SlotReader> inside;
  private final long target;

  SlotScan(List<SlotReader> readers, long target) {
    this.inside = new ArrayList<>(readers);
    this.target = target;
  }

  @Override
  public boolean isOver() {
    inside.removeIf(this::hasPassed);
    return inside.isEmpty();
  }

  @Override
  public boolean isHeldUpBy(SlotReader reader) {
    return inside.contains(reader) && !hasPassed(reader);
  }

  private boolean hasPassed(SlotReader reader) {
    long seen = reader.getSlotAcquire();
    return seen == 0 || seen >= target;
  }
}
