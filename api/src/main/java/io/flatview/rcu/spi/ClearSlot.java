package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/** A section that ends with a release store of 0. The slot is the state. */
final class ClearSlot extends Slot {

  ClearSlot(SlotReader reader) {
    super(reader);
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
