package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;

/**
 * The words of one {@link SlotReader}, and at the same time the one section that it returns again and again: whoever
 * leaves has the slot in hand, without a detour by the reader.
 */
abstract sealed class Slot extends SlotLayout.After implements ReadSection permits HookSlot, ClearSlot {

  /*
   * The state of the reader is one word:
   *
   *   0        outside
   *   > 0      inside; the low bits count the nesting
   *   < 0      a state of SlotReader: offline, closed, abandoned; their low bits are never OUTERMOST
   *
   * Where leaving is no more than clearing the slot, that word is the slot itself, and the bits above the nesting are
   * the flavour's. One word then answers every question of the fast path (open, online, outside?), and is what the scan
   * looks at: entering is a load, a branch that falls through and a store; leaving likewise. A count beside it costs
   * measurably more. Where the flavour has a hook at the exit, the slot is all its own and the state is the word aside.
   *
   * Each kind makes its own by a method that returns it as a Slot. The verifier would load both to see that they are
   * Slots; where one flavour is at work, the other kind is never loaded, and C2 calls these methods without asking
   * which it has.
   *
   *   field | read                        | write                    | guard
   *   slot  | plain by the owner;         | opaque or release by the | the owner; the sweeper touches it only after it
   *         | acquire by the scan         | owner                    | saw the owner dead, which happens after all the
   *         |                             |                          | owner did (end of a thread, JLS 17.4.4)
   *   aside | as the slot                 | plain, opaque or release | the owner, likewise
   *         |                             | by the owner             |
   */

  /** The bits of the slot that count. */
  static final long NESTING = 0xFFFF;

  /** What they show in the outermost section. */
  static final long OUTERMOST = 1;

  /** Whose words these are. */
  final SlotReader reader;

  Slot(SlotReader reader) {
    this.reader = reader;
  }

  /** For the owner, who alone writes it. */
  abstract long state();

  /** For the owner: shows another state, after all that it did before. */
  abstract void setState(long value);

  /** For others: where the owner stands. */
  abstract long getStateAcquire();

  /** What a scan is told. */
  abstract long getMarkAcquire();

  /** For the owner, when it has entered the outermost section. */
  void setEntered() {}

  /** For the owner, when it failed to enter: nothing was read, so nothing is ordered. */
  final void clearUnentered() {
    slot = 0;
  }

  final long getAcquire() {
    return (long) SLOT.getAcquire(this);
  }

  final void setOpaque(long value) {
    SLOT.setOpaque(this, value);
  }

  final void setRelease(long value) {
    SLOT.setRelease(this, value);
  }

  final long getAsideAcquire() {
    return (long) ASIDE.getAcquire(this);
  }

  final void setAsideOpaque(long value) {
    ASIDE.setOpaque(this, value);
  }

  final void setAsideRelease(long value) {
    ASIDE.setRelease(this, value);
  }
}
