package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/** A section that the flavour ends. The state is the word aside; the value that the slot shows is the flavour's. */
final class HookSlot extends Slot {

  private HookSlot(SlotReader reader) {
    super(reader);
  }

  /** Makes a slot. The essay in {@link Slot} says why the return type is that. */
  static Slot of(SlotReader reader) {
    return new HookSlot(reader);
  }

  @Override
  public void close() {
    long seen = aside;
    try {
      leave(seen);
    } catch (VirtualMachineError e) {
      aside = seen <= 0 ? seen : seen == OUTERMOST ? OWING : seen - 1;
      owed = seen == OUTERMOST ? 1 : 0;
      throw e;
    }
  }

  private void leave(long seen) {
    if (Checked.ON) {
      reader.checkLeaving(this);
    }
    if (seen == OUTERMOST) {
      reader.shut(this);
      aside = 0;
    } else {
      reader.leaveNested(this);
    }
  }

  /** The former user's slot may show an entry that the user is going to undo: so this copies the state without it. */
  @Override
  void goOn(Slot former) {
    aside = Math.min(0, former.getStateAcquire());
  }

  @Override
  void retreat() {
    try {
      reader.shut(this);
      aside = 0;
    } catch (VirtualMachineError e) {
      aside = OWING;
      owed = 1;
      throw e;
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
  void setNesting(long value) {
    setAsideOpaque(value);
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
