package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/** A section that ends with a release store of 0. The slot is the state. */
sealed class ClearSlot extends Slot permits CountSlot {

  ClearSlot(SlotReader reader) {
    super(reader);
  }

  /** Makes a slot. The essay in {@link Slot} says why the return type is that. */
  static Slot of(SlotReader reader) {
    return new ClearSlot(reader);
  }

  @Override
  public void close() {
    long seen = slot;
    try {
      leave(seen);
    } catch (VirtualMachineError e) {
      owed = 0; // no exit is owed: this orders the store below
      slot = seen <= 0 ? seen : (seen & NESTING) == OUTERMOST ? 0 : seen - 1;
      throw e;
    }
  }

  private void leave(long seen) {
    if (Checked.ON) {
      reader.checkLeaving(this);
    }
    if ((seen & NESTING) == OUTERMOST) {
      clear();
    } else {
      reader.leaveNested(this);
    }
  }

  /** The former user's slot may show an entry that the user is going to undo: so this copies the state without it. */
  @Override
  final void goOn(Slot former) {
    slot = Math.min(0, former.getStateAcquire());
    aside = former.getAsideAcquire();
  }

  @Override
  final void retreat() {
    slot = 0;
  }

  void clear() {
    setRelease(0); // pairs with the acquire of the scan
  }

  @Override
  final long state() {
    return slot;
  }

  @Override
  final void setState(long value) {
    setRelease(value);
  }

  @Override
  final void setNesting(long value) {
    setOpaque(value);
  }

  @Override
  final long getStateAcquire() {
    return getAcquire();
  }

  /** Shows a scan 0 for the states below 0. */
  @Override
  final long getMarkAcquire() {
    return Math.max(0, getAcquire());
  }
}
