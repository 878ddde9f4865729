package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;

/**
 * The words of one {@link SlotReader} while one thread uses it, and at the same time the one section that it returns
 * again and again: the thread that leaves has the slot in hand, without a detour by the reader. A flavour passes it on.
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
   * measurably more. Where the flavour has a hook at the exit, the slot is all its own and the state is the word aside.
   *
   * Each kind makes its own by a method that returns it as a Slot. The verifier would load both to see that they are
   * Slots; where one flavour is at work, the other kind is never loaded, and C2 calls these methods without asking
   * which it has.
   *
   * Nesting does not move a grace period: the bits that a scan compares stay as they are, and so does "not 0". So its
   * stores are opaque; the release at the outermost exit covers all that was read in between.
   *
   * Out of stack. An entry or exit that a StackOverflowError breaks off is completed by the catch block around it, with
   * no call: by plain stores to the fields. So a section is left whatever is thrown. The volatile store of owed comes
   * first and orders what was read before: the compilers and the machine keep a plain store behind it. Where the exit
   * is a hook, which may be broken off in the middle, the catch block can only say that it is owed. The next use of the
   * reader then makes up for it, or the next grace period: whichever comes first, under the reader's lock.
   *
   *   field | read                        | write                    | guard
   *   slot  | plain by the user;          | opaque or release by the | the user: one thread at a time, see SlotReader
   *         | acquire by the scan         | user; plain out of stack |
   *   aside | as the slot                 | plain, opaque or release | likewise
   *         |                             | by the user              |
   *   user  | plain by any; opaque after  | opaque                   | the reader's lock
   *         | an entry                    |                          |
   *   note  | plain by the user           | plain by the user        | the user
   *   owed  | volatile by any             | volatile                 | set by the user, cleared under the reader's lock
   */

  /** The bits of the slot that count. */
  static final long NESTING = 0xFFFF;

  /** What they show in the outermost section. */
  static final long OUTERMOST = 1;

  /** The exit of the outermost section was broken off, or its entry, and is to be made up for. */
  static final long OWING = -4;

  /** Whose words these are. */
  final SlotReader reader;

  /** Not 0 while an exit is owed. */
  volatile long owed;

  Slot(SlotReader reader) {
    this.reader = reader;
  }

  /** For the user, the only writer. */
  abstract long state();

  /** For the user: shows another state, after all that it did before. */
  abstract void setState(long value);

  /** For the user: counts another section, or one less, inside the outermost. */
  abstract void setNesting(long value);

  /** For others: where the user stands. */
  abstract long getStateAcquire();

  /** The word that a scan compares. */
  abstract long getMarkAcquire();

  /** For the user, when it has entered the outermost section. */
  void setEntered() {}

  /** Whether the calling thread, of that number, may enter here: asked before an entry. */
  final boolean isOf(long thread) {
    return user == thread;
  }

  /** Asked again after an entry, whose stores come first. */
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

  /** For the slot of the next user, before it is published: stands where the free one of the former user stood. */
  abstract void goOn(Slot former);

  /** Takes an entry back in which nothing was read. */
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
