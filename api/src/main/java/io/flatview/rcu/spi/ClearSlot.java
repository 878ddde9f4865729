package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/** A section that ends with a release store of 0. The slot is the state. */
final class ClearSlot extends Slot {

  private ClearSlot(SlotReader reader) {
    super(reader);
  }

  /** As a Slot: {@link Slot} says why. */
  static Slot of(SlotReader reader) {
    return new ClearSlot(reader);
  }

  @Override
  public void close() {
    if (Checked.ON) {
      reader.checkLeaving();
    }
    if ((slot & NESTING) == OUTERMOST) {
      setRelease(0); // pairs with the acquire of the scan
    } else {
      reader.leaveNested();
    }
  }

  @Override
  long state() {
    return slot;
  }

  @Override
  void setState(long value) {
    setRelease(value);
  }

  @Override
  long getStateAcquire() {
    return getAcquire();
  }

  /** The states below 0 are nobody's business there. */
  @Override
  long getMarkAcquire() {
    return Math.max(0, getAcquire());
  }
}
