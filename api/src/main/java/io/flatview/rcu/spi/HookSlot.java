package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/** A section that the flavour ends. The state is the word aside; what the slot shows is the flavour's. */
final class HookSlot extends Slot {

  private HookSlot(SlotReader reader) {
    super(reader);
  }

  /** As a Slot: {@link Slot} says why. */
  static Slot of(SlotReader reader) {
    return new HookSlot(reader);
  }

  @Override
  public void close() {
    if (Checked.ON) {
      reader.checkLeaving();
    }
    if (aside == OUTERMOST) {
      reader.shut();
      aside = 0;
    } else {
      reader.leaveNested();
    }
  }

  @Override
  long state() {
    return aside;
  }

  @Override
  void setState(long value) {
    setAsideRelease(value);
  }

  @Override
  long getStateAcquire() {
    return getAsideAcquire();
  }

  @Override
  long getMarkAcquire() {
    return getAcquire();
  }

  @Override
  void setEntered() {
    aside = OUTERMOST;
  }
}
