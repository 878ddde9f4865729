package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;

/** The slots of generations that no address space has. Thread-safe; to give one back allocates nothing. */
final class Slots {

  /** A slot, linked to another while it is free. */
  static final class Slot {

    final int number;
    private Slot next;

    private Slot(int number) {
      this.number = number;
    }
  }

  private int made = Generation.NO_SLOT;
  private Slot free;

  /** A slot that no reader can see in use. */
  synchronized Slot take() {
    Slot taken = free;
    if (taken == null) {
      taken = new Slot(made + 1);
      made++;
    } else {
      free = taken.next;
      taken.next = null;
    }
    return taken;
  }

  synchronized void giveBack(Slot slot) {
    slot.next = free;
    free = slot;
  }
}
