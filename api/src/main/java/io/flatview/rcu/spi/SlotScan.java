package io.flatview.rcu.spi;

import java.util.List;

/** Waits for the readers whose slot shows an older number than that of the grace period. */
final class SlotScan implements Scan {

  /*
   * A reader that was seen outside, or inside with a number that is new enough, need not be checked again: this grace
   * period does not wait for sections that it enters later. So the list only shrinks, in place: a grace period that
   * waits must not need memory, which may be exhausted because it waits. The acquire load of the slot pairs with the
   * release store at the exit. Forbidden: the object is freed while a load of the section that has ended is pending.
   */

  private final SlotReader[] inside;
  private final long target;
  private int count;

  SlotScan(List<SlotReader> readers, long target) {
    this.inside = readers.toArray(new SlotReader[0]);
    this.target = target;
    this.count = inside.length;
  }

  @Override
  public boolean isOver() {
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (!hasPassed(inside[i])) {
        inside[left++] = inside[i];
      }
    }
    count = left;
    return left == 0;
  }

  @Override
  public boolean isHeldUpBy(SlotReader reader) {
    return isLeft(reader) && !hasPassed(reader);
  }

  private boolean isLeft(SlotReader reader) {
    for (int i = 0; i < count; i++) {
      if (inside[i] == reader) {
        return true;
      }
    }
    return false;
  }

  private boolean hasPassed(SlotReader reader) {
    long seen = reader.getSlotAcquire();
    return seen == 0 || seen >= target;
  }
}
