package io.flatview.rcu.spi;

/**
 * A section that is only counted: no scan looks at the slot, and what its flavour shows elsewhere orders what was read
 * inside. So the end needs no order of its own.
 */
final class CountSlot extends ClearSlot {

  private CountSlot(SlotReader reader) {
    super(reader);
  }

  /** As a Slot: {@link Slot} says why. */
  static Slot of(SlotReader reader) {
    return new CountSlot(reader);
  }

  @Override
  void clear() {
    setOpaque(0);
  }
}
