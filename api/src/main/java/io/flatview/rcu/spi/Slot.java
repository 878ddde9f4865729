package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;

/**
 * The words of one {@link SlotReader} while one thread uses it. The slot is also the {@link ReadSection} that each
 * entry returns: so the thread that leaves has the slot at hand and need not load it from the reader. A flavour only
 * passes it on.
 */
public abstract sealed class Slot extends SlotLayout.After implements ReadSection permits HookSlot, ClearSlot {

  /*
   * The state of the reader is one word:
   *
   *   0        outside
   *   > 0      inside; the low bits count the nesting
   *   < 0      a state of SlotReader: offline, closed and so on; their low bits are never OUTERMOST
   *
   * Where leaving is no more than clearing the slot, that word is the slot itself, and the bits above the nesting are
   * the flavour's. One word then answers every question of the fast path (open, online, outside?), and is what the scan
   * looks at: entering is a load, a branch that falls through and a store; leaving likewise. A count beside it costs
   * measurably more. Where the flavour has a hook at the exit, the flavour alone decides about the slot, and the state
   * is in the second word, aside.
   *
   * Each subclass has a factory method whose return type is Slot: else the verifier would load all subclasses to check
   * that they are Slots. In a process with one flavour the others are then never loaded, and C2 calls the methods of
   * Slot without a type check.
   *
   * Nesting does not concern a grace period: the bits that a scan compares do not change, and the slot stays above 0.
   * So the stores that nest are opaque; the release at the outermost exit covers all reads in between.
   *
   * Out of stack. An entry or exit that a StackOverflowError breaks off is completed by the catch block around it, with
   * no call: by stores to the fields. So a section is left even then. Where leaving clears the slot, a volatile store
   * of owed comes before the plain store that clears it and orders what was read before: the compilers and the machine
   * keep a plain store behind it. Where the exit is a hook, which may be broken off in the middle, the catch block can
   * only note that an exit is owed. The next use of the reader, or the next grace period, then completes it under the
   * reader's lock.
   *
   *   field | read                        | write                    | guard
   *   slot  | plain by the user;          | opaque or release by the | the user: one thread at a time, see SlotReader
   *         | acquire by the scan         | user; plain if new, out  |
   *         |                             | of stack, undoing an     |
   *         |                             | entry, or in CountSlot   |
   *   aside | as the slot                 | plain, opaque or release | likewise
   *         |                             | by the user              |
   *   user  | plain by any; opaque after  | opaque; plain if new, or | the reader's lock
   *         | an entry                    | its thread has ended     |
   *   note  | plain by the user           | plain by the user        | the user
   *   owed  | volatile by any             | volatile                 | set by the user, cleared under the reader's lock
   */

  /** The bits of the state that count nested sections. */
  static final long NESTING = 0xFFFF;

  /** The value of these bits in the outermost section. */
  static final long OUTERMOST = 1;

  /** The state after the exit of the outermost section, or its entry, was broken off: an exit is owed. */
  static final long OWING = -4;

  /** The reader that has this slot. */
  final SlotReader reader;

  /** Not 0 while an exit is owed. */
  volatile long owed;

  Slot(SlotReader reader) {
    this.reader = reader;
  }

  /** The state, read without order: for the user, and a thread that holds the reader's lock; to others a hint. */
  abstract long state();

  /** Stores another state, by a release. Called by the user, or, under the reader's lock, once the user is excluded. */
  abstract void setState(long value);

  /** Called by the user: stores the state with another count of nested sections. */
  abstract void setNesting(long value);

  /** The state, read by threads other than the user. */
  abstract long getStateAcquire();

  /** The word that a scan compares. */
  abstract long getMarkAcquire();

  /** Called by the user when it has entered the outermost section. */
  void setEntered() {}

  /** Whether the calling thread, which has this number, is the user: checked before an entry. */
  final boolean isOf(long thread) {
    return user == thread;
  }

  /** Whether the calling thread is still the user: checked again after the stores of an entry. */
  final boolean isStillOf(long thread) {
    return (long) USER.getOpaque(this) == thread;
  }

  final void setUser(long thread) {
    USER.setOpaque(this, thread);
  }

  /** Whether the slot shows no entry, not even one that has just begun. */
  final boolean isFree() {
    return getStateAcquire() <= 0 && getMarkAcquire() == 0;
  }

  /** Takes over the state of the former user's free slot, before this slot is published. */
  abstract void goOn(Slot former);

  /** Undoes an entry in which nothing was read. */
  abstract void retreat();

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

  final long getAsidePlain() {
    return aside;
  }

  final void setAsideOpaque(long value) {
    ASIDE.setOpaque(this, value);
  }

  final void setAsideRelease(long value) {
    ASIDE.setRelease(this, value);
  }
}
