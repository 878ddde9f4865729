package io.flatview.rcu.spi;

/**
 * A section that is only counted: no scan reads the slot, and the flavour's stores to another word order the reads of
 * the section. So the count is a plain field of the thread that uses the reader, for its own checks. Another thread
 * reads it when that thread has handed the reader over, or has ended, which orders it; and for reports, which may be
 * late.
 */
final class CountSlot extends ClearSlot {

  private CountSlot(SlotReader reader) {
    super(reader);
  }

  /** Makes a slot. The essay in {@link Slot} says why the return type is that. */
  static Slot of(SlotReader reader) {
    return new CountSlot(reader);
  }

  @Override
  void clear() {
    slot = 0;
  }
}
