package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.lang.invoke.VarHandle;

/**
 * A reader with a word of its own, alone on its cache lines, for the reclaiming thread to look at. This class keeps
 * count of nesting, knows which thread uses the reader, and refuses misuse; a flavour fills in what happens at the
 * outermost entry and exit.
 *
 * <p>By convention of all flavours the slot is 0 when the reader holds up no grace period. With {@link Exit#CLEAR} it
 * must be so outside, and inside above 0 with low 16 bits of 1, such as the numbers of an {@link EpochCounter}: this
 * class counts the nesting there.
 *
 * <p><b>Threading.</b> The hooks are called by the reader's user, one thread at a time, and {@link #detach}, {@link
 * #discard} and {@link #shut} also by a thread that has excluded the user.
 */
public abstract class SlotReader implements Reader {

  /*
   * The slot, its table of accesses and what its values mean stand in Slot.
   *
   * The user. A reader is used by one thread at a time, and between sections another may take it over. The thread that
   * used it last is its user: its number stands in the slot, and the outermost entry compares it with that of the
   * calling thread. A mismatch leads to takeOver(), under the reader's lock. So nothing that is done to a reader behind
   * its user's back, under that lock, can coincide with an entry that its doer does not know of:
   *   - A sweeper that finds the user dead sets the reader aside: out of the registry, offline in the flavour, without
   *     a user. A dead thread is not in the midst of an entry, and any other thread must take the reader over first,
   *     which brings it back. Forbidden: a reader is taken for idle while a thread that took it over enters a section.
   *   - A thread that waits for a grace period detaches the readers that it is the user of, and no others. Forbidden: a
   *     thread that registered a reader for another one takes it offline under that one's section.
   * A reader that is inside a section is never set aside, whichever thread has ended: what it protects may have been
   * handed on. Where sections are not counted, a reader that is online counts as inside.
   *
   * A reader that is used by two threads at once breaks its contract. It is found out if they meet in takeOver().
   *
   * open() comes before the state says inside: should it die of a stack overflow, a hooked slot may be taken for
   * nothing, which delays a grace period; the other way round, the next section would count as nested and protect
   * nothing. Where slot and state are one word, it is cleared in that case; where the exit is a hook, it is owed.
   *
   *   field    | read                | write                     | guard
   *   home     | plain, a hint       | plain                     | lock
   *   isAside  | plain               | plain                     | lock
   *   lent     | plain               | plain                     | lock
   *   reported | plain               | plain                     | lock
   *   history  | volatile            | volatile by the user      | checked mode only
   */

  /** What leaving the outermost section amounts to. */
  protected enum Exit {
    /**
     * {@link SlotReader#shut()} is called, and again if it was broken off by an error, or the entry was. The flavour
     * must tell what remains to be done.
     */
    HOOK,
    /**
     * The slot is cleared by a release store; {@link SlotReader#shut()} is not called. The cheaper one; the second word
     * is free for the flavour.
     */
    CLEAR,
    /**
     * The slot only counts sections, by plain stores: for flavours whose grace periods look at the second word only.
     * {@link SlotReader#open()} calls {@link SlotReader#countSlot()}; {@link SlotReader#shut()} is not called.
     */
    COUNT
  }

  private static final long OFFLINE = -1;
  private static final long CLOSED = -2;
  private static final long DROPPED = -3;

  private final Registration registration;
  private final Slot slot;
  private final boolean hooked;
  private final Object lock = new Object();
  private ThreadReaders home;
  private boolean isAside;
  private boolean lent;
  private boolean reported;

  /** Checked mode: where it was entered last, with stacks only; where it went offline or was closed. */
  private volatile Throwable history;

  /**
   * A reader that is online and outside any section, and calls {@link #shut()} to leave.
   *
   * @param registration as {@link Flavour#newReader} was given it
   */
  protected SlotReader(Registration registration) {
    this(registration, Exit.HOOK);
  }

  /**
   * A reader that is online and outside any section.
   *
   * @param registration as {@link Flavour#newReader} was given it
   * @param exit how it leaves
   */
  @SuppressWarnings("this-escape") // the slot only keeps the reference
  protected SlotReader(Registration registration, Exit exit) {
    this.registration = registration;
    this.hooked = exit == Exit.HOOK;
    this.home = registration.origin();
    this.slot = switch (exit) {
      case HOOK -> HookSlot.of(this);
      case CLEAR -> ClearSlot.of(this);
      case COUNT -> CountSlot.of(this);
    };
    slot.user = home.threadNumber;
  }

  /** Enters the outermost section: from here to {@link #shut()}, what the owner reads must stay valid. */
  protected abstract void open();

  /** Leaves the outermost section. Called with {@link Exit#HOOK} only. */
  protected void shut() {
    setSlotRelease(0);
  }

  /**
   * Announces a quiescent state, outside any section. Does nothing unless the flavour needs it; then it calls {@link
   * #becomeUser()} before it writes.
   */
  protected void announce() {}

  /** Stops holding up grace periods between sections. Does nothing unless the flavour does so; may be repeated. */
  protected void detach() {}

  /** Undoes {@link #detach()}. */
  protected void attach() {}

  /** Gives back what the reader has of its flavour: when it was closed, or set aside as its thread has ended. */
  protected void discard() {}

  /** Takes again what {@link #discard()} gave back: another thread takes the reader over. */
  protected void restore() {}

  /**
   * Whether a section must be left by the thread that entered it.
   *
   * @return true, unless the flavour does not care
   */
  protected boolean isBoundToThread() {
    return true;
  }

  /**
   * What a grace period finds: pairs with {@link #setSlotRelease} of the owner.
   *
   * @return the slot; with {@link Exit#CLEAR}, 0 while the reader is offline or closed
   */
  protected long getSlotAcquire() {
    return slot.getMarkAcquire();
  }

  /**
   * Whether sections are counted, so that {@link #inSection()} tells the truth.
   *
   * @return true, unless the flavour replaces {@link #enter()}
   */
  protected boolean isCounted() {
    return true;
  }

  /**
   * Whether the reader is known to be out of the way: it was taken offline or closed, and enters no section before it
   * has issued a full fence after leaving that state. For a grace period, behind its own full fence.
   *
   * @return true if so
   */
  protected final boolean isAwayAcquire() {
    return slot.getStateAcquire() < 0;
  }

  /**
   * Writes the slot, ordered with nothing: the caller fences.
   *
   * @param value the new value
   */
  protected final void setSlotOpaque(long value) {
    slot.setOpaque(value);
  }

  /** Counts the outermost section in the slot, with {@link Exit#COUNT}: a plain store, which no scan looks at. */
  protected final void countSlot() {
    slot.slot = Slot.OUTERMOST;
  }

  /**
   * Writes the present number of a counter into the slot, ordered with nothing: the caller fences. It finds the slot
   * before it reads the number: after that load C2 would look for the slot again.
   *
   * @param epoch whose number
   */
  protected final void setSlotOpaque(EpochCounter epoch) {
    Slot own = slot;
    own.setOpaque(epoch.getOpaque());
  }

  /**
   * Writes the slot after all that the owner read and wrote before: pairs with {@link #getSlotAcquire()} of the scan.
   *
   * @param value the new value
   */
  protected final void setSlotRelease(long value) {
    slot.setRelease(value);
  }

  /**
   * What the user itself wrote into the second word.
   *
   * @return its value, 0 at first
   */
  protected final long getAsidePlain() {
    return slot.getAsidePlain();
  }

  /**
   * Reads the second word. It is the flavour's own unless the exit is a {@link Exit#HOOK}.
   *
   * @return its value, 0 at first
   */
  protected final long getAsideAcquire() {
    return slot.getAsideAcquire();
  }

  /**
   * Writes the flavour's second word, ordered with nothing.
   *
   * @param value the new value
   */
  protected final void setAsideOpaque(long value) {
    slot.setAsideOpaque(value);
  }

  /**
   * Writes the flavour's second word after all that the owner read and wrote before.
   *
   * @param value the new value
   */
  protected final void setAsideRelease(long value) {
    slot.setAsideRelease(value);
  }

  @Override
  public final String name() {
    return registration.name();
  }

  /** {@inheritDoc} A flavour that needs no count of sections replaces this, unless {@link Checked#ON}. */
  @Override
  public ReadSection enter() {
    Slot own = slot;
    if (own.state() == 0 && own.user == Thread.currentThread().threadId()) {
      enterOutermost(own);
    } else {
      enterSlowly(own);
    }
    return own;
  }

  private void enterOutermost(Slot own) {
    if (Checked.ON) {
      Headroom.requireForExit();
    }
    if (Checked.STACKS) {
      history = Checked.here("entered");
    }
    try {
      open();
      own.setEntered();
    } catch (VirtualMachineError e) { // nothing was read, so nothing is ordered; there is no stack to call anything
      if (hooked) {
        own.aside = Slot.OWING;
        own.owed = 1;
      } else {
        own.slot = 0;
      }
      throw e;
    }
  }

  private void enterSlowly(Slot own) {
    makeUp();
    if (own.state() == 0) {
      becomeUser();
      enterOutermost(own);
    } else {
      enterNested(own.state());
    }
  }

  /** Two threads that met in the outermost entry are told apart here: one of them would count what the other leaves. */
  private void enterNested(long seen) {
    refuse(seen < 0, "cannot enter a section");
    refuse((seen & Slot.NESTING) == Slot.NESTING, "cannot nest deeper");
    if (isBoundToThread() && isUsedElsewhere()) {
      throw new IllegalStateException("reader '" + name() + "' is inside a section of " + home.owner()
          + " and cannot be entered by " + Thread.currentThread() + "; give each thread a reader");
    }
    slot.setNesting(seen + 1);
  }

  final void leaveNested() {
    long seen = slot.state();
    refuse(seen <= 0, "has no open section to leave");
    slot.setNesting(seen - 1);
  }

  /** For checked mode. A section whose thread has ended may be left by any: else none could. */
  final void checkLeaving() {
    if (inSection() && isBoundToThread() && isUsedElsewhere()) {
      throw leftElsewhere(Thread.currentThread());
    }
  }

  private boolean isUsedElsewhere() {
    return slot.user != Thread.currentThread().threadId() && !home.isOwnerDead();
  }

  private IllegalStateException leftElsewhere(Thread current) {
    Thread first = home.owner();
    return new IllegalStateException(
        "reader '" + name() + "' is inside a section that was entered by " + first + ", and is left by " + current,
        history != null ? history : whereIs(first));
  }

  private static Throwable whereIs(Thread thread) {
    Throwable present = new Throwable(
        "the thread that entered is here now; -D" + Checked.PROPERTY + "=stacks tells where it entered");
    present.setStackTrace(thread == null ? new StackTraceElement[0] : thread.getStackTrace());
    return present;
  }

  /** For any use outside a section: from here on the calling thread is the user. */
  private void claim(String what) {
    makeUp();
    refuse(slot.state() != 0 && slot.state() != OFFLINE, what);
    becomeUser();
  }

  /** For {@link #announce()}, before it writes: from here on the calling thread is the user. */
  protected final void becomeUser() {
    if (slot.user != Thread.currentThread().threadId()) {
      Headroom.require();
      takeOver(registration.threads().mine());
    }
  }

  private void takeOver(ThreadReaders mine) {
    synchronized (lock) {
      refuse(slot.getStateAcquire() > 0, "cannot be taken over by another thread");
      mine.addExplicit(this);
      boolean away = isAside || lent;
      comeBack();
      home = mine;
      lent = false;
      reported = false;
      slot.user = mine.threadNumber;
      VarHandle.fullFence(); // A, as in online(): before the first section of this user
      if (away && slot.state() == 0) {
        attach();
      }
    }
  }

  private void comeBack() {
    if (isAside) {
      registration.join(this);
      restore();
      isAside = false;
    }
  }

  /** Makes up for an exit, or an entry, that was broken off for want of stack. For any thread. */
  final void makeUp() {
    if (slot.owed != 0) {
      Headroom.require();
      synchronized (lock) {
        if (slot.owed != 0) {
          shut();
          slot.setState(0);
          slot.owed = 0;
        }
      }
    }
  }

  @Override
  public final boolean inSection() {
    return slot.state() > 0;
  }

  @Override
  public final void quiescent() {
    if (slot.state() == 0) {
      announce();
    } else {
      makeUp();
      refuse(slot.state() != OFFLINE && slot.state() != 0, "cannot announce a quiescent state");
    }
  }

  @Override
  public final void offline() {
    claim("cannot go offline");
    detach();
    slot.setState(OFFLINE);
    remember("went offline");
  }

  @Override
  public final void online() {
    claim("cannot go online");
    if (slot.state() == OFFLINE) {
      slot.setState(0);
      history = null;
      VarHandle.fullFence(); // A, pairs with fence B of a grace period that asked isAwayAcquire
      attach();
    }
  }

  @Override
  public final void close() {
    makeUp();
    refuse(registration.isImplicit(), "is implicit and cannot be closed; it goes when its thread ends");
    refuse(inSection(), "cannot be closed");
    if (!isClosed()) {
      claim("cannot be closed");
      end(CLOSED);
      remember("closed");
    }
  }

  /** For the engine, if the calling thread never got to see the reader. */
  final void undo() {
    end(CLOSED);
  }

  private void end(long state) {
    synchronized (lock) {
      detach();
      slot.setState(state);
      registration.leave(this);
      if (!isAside) {
        discard();
      }
    }
  }

  /** For the user: whether there is nothing to do with this reader any more. */
  final boolean isClosed() {
    return slot.state() < OFFLINE && slot.owed == 0;
  }

  /** Whether a thread is inside a section of this reader. */
  final boolean isInside(ThreadReaders thread) {
    return slot.getStateAcquire() > 0 && slot.user == thread.threadNumber;
  }

  /** Whether a thread may hold something that it read by this reader, as far as can be told. */
  final boolean mayBeInside(ThreadReaders thread) {
    return isCounted()
        ? isInside(thread)
        : slot.getStateAcquire() == 0 && slot.user == thread.threadNumber;
  }

  /** For a thread: whether another uses the reader by now, or none will. A hint. */
  final boolean isLostTo(ThreadReaders thread) {
    return home != thread || isClosed();
  }

  final Registration registration() {
    return registration;
  }

  /** The thread that used it last. A hint. */
  final ThreadReaders home() {
    return home;
  }

  /** For a thread that waits for a grace period: lets it pass. */
  final void beginWait(ThreadReaders thread) {
    synchronized (lock) {
      if (home == thread && !isAside && slot.state() == 0) {
        lent = true;
        detach();
      }
    }
  }

  /** Undoes {@link #beginWait}. */
  final void endWait(ThreadReaders thread) {
    synchronized (lock) {
      if (home == thread && lent) {
        attach();
        lent = false;
      }
    }
  }

  /** For the sweeper, which found the user dead. Returns whether that is to be reported. */
  final boolean setAside() {
    makeUp();
    synchronized (lock) {
      long state = slot.getStateAcquire();
      if (isAside || !home.isOwnerDead() || state < OFFLINE) {
        return false;
      }
      boolean inside = state > 0 || (state == 0 && !isCounted());
      boolean worthTelling = !reported && (inside || (state == 0 && !registration.isImplicit()));
      reported |= worthTelling;
      if (!inside) {
        leaveRegistry();
      }
      return worthTelling;
    }
  }

  private void leaveRegistry() {
    detach();
    slot.user = 0;
    isAside = true;
    registration.leave(this);
    discard();
  }

  /**
   * For the sweeper, once, after the last handle was collected: releases a reader that is outside; one that may be
   * inside must stay. Returns whether that is to be reported.
   */
  final boolean drop() {
    makeUp();
    synchronized (lock) {
      long state = slot.getStateAcquire();
      if (state < OFFLINE) {
        return false;
      }
      if (isCounted() && state <= 0) {
        end(DROPPED);
      }
      return !reported;
    }
  }

  private void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new IllegalStateException("reader '" + name() + "' " + what + ": " + state(), history);
    }
  }

  private void remember(String what) {
    if (Checked.ON) {
      history = Checked.here(what);
    }
  }

  /** For checked mode. */
  final void requireSection() {
    refuse(!inSection(), "follows a pointer outside any section; write try (ReadSection _ = reader.enter()) { ... }");
  }

  /** Checked mode: where the thread that has it did the last thing worth remembering; null if there is none. */
  final Throwable history() {
    return history;
  }

  /** Where the open section was entered; null if that is not known. For any thread. */
  final Throwable entry() {
    return Checked.STACKS && isInside() ? history : null;
  }

  /** Whether a section is open. For any thread. */
  final boolean isInside() {
    return slot.getStateAcquire() > 0;
  }

  private String state() {
    if (inSection()) {
      return "it is inside a section, entered by thread " + home.describe() + ", which must be left first";
    }
    return switch ((int) slot.state()) {
      case 0 -> "it is outside any section";
      case (int) OFFLINE -> "it is offline; call online() first";
      case (int) CLOSED -> "it is closed; register another";
      default -> "it was dropped without being closed; register another";
    };
  }
}
