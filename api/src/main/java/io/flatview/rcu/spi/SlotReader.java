package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.stack.Headroom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * A reader with a word of its own, the slot, which grace periods check, on cache lines of no other reader. This class
 * keeps count of nesting, knows which thread uses the reader, and refuses misuse; a flavour fills in what happens at
 * the outermost entry and exit.
 *
 * <p>By convention of all flavours the slot is 0 when the reader holds up no grace period. With {@link Exit#CLEAR} it
 * must be 0 outside. Inside it must be above 0, and its low 16 bits must be 1, as in the numbers of an {@link
 * EpochCounter}: this class counts the nesting there.
 *
 * <p><b>Threading.</b> The hooks are called by the reader's user, one thread at a time, and {@link #detach}, {@link
 * #discard} and {@link #shut} also by a thread that has excluded the user. {@link #fenceUser} is called by a thread
 * that is about to replace the user.
 */
public abstract class SlotReader implements Reader {

  /*
   * Slot documents the slot, its table of accesses and the meaning of its values.
   *
   * The user. A reader is used by one thread at a time, and between sections another may take it over. The thread that
   * used it last is its user: the slot has its number, and the outermost entry compares it with that of the calling
   * thread. A mismatch leads to takeOver(), under the reader's lock. So a thread that holds the lock, and has checked
   * the user, knows that no other thread is entering the reader meanwhile:
   *   - A sweeper that finds that the user has ended sets the reader aside: it leaves the registry, goes offline in the
   *     flavour, and has no user. A thread that has ended is not entering, and any other thread must take the reader
   *     over first, which registers it again. Forbidden: a reader is taken for idle while a thread that took it over
   *     enters a section.
   *   - A thread that waits for a grace period detaches the readers whose user it is, and no others. Forbidden: a
   *     thread that registered a reader for another thread takes it offline while the other is in a section. A reader
   *     that is inside a section is never set aside, also if its thread has ended: another thread may use the objects
   *     that the section protects. Where sections are not counted, a reader that is online counts as inside.
   *   - A thread that leaves the sections of an ended user on request becomes the user first, so that of two such
   *     threads one does it, then leaves, and sets the reader aside, or an announcement of its would be waited for.
   *     What the ended thread read comes before the false of isAlive(), and so before the release that ends the
   *     section.
   *
   * Two threads in one reader break its contract, and one of them gets an exception. Forbidden: both are in a section
   * at once, so that the exit of one ends the protection of the other; or a slot stays taken which neither thread
   * clears. So each user has a Slot of its own, in which no other thread enters an outermost section, and
   * takeOver() replaces it:
   *
   *   user A, entry:  is user A?                       B, takeOver:  user of the old slot = 0
   *                   store slot                                     fence of the former user (fenceUser)
   *                   is user still A? else retreat                  is the old slot taken? then give up
   *                                                                  publish a slot of B's own, fence A
   *
   * By the fence either A's second check finds another user, or B finds the slot taken. An entry that comes later
   * stores into a slot that no scan reads any more, clears it again, and does no harm. The flavour's entry has a full
   * fence between the store and the second look, or fenceUser() gives it one from outside. A scan that misses the
   * publication precedes fence A, so B's sections see what was unlinked. The fence is left out if the former user went
   * offline, has ended, or is not known: then it is not in the midst of an entry.
   *
   * open() comes before the state says inside: if a stack overflow breaks it off, the slot of a reader with a hook may
   * stay taken without a section, which delays a grace period; in the other order, the next section would count as
   * nested and protect nothing. Where slot and state are one word, the catch block clears it; where the exit is a hook,
   * it notes that an exit is owed.
   *
   *   field    | read                | write                     | guard
   *   slot     | plain by users,     | release                   | lock
   *            | acquire by others   |                           |
   *   home     | plain, a hint       | plain                     | lock
   *   isAside  | plain               | plain                     | lock
   *   lent     | plain               | plain                     | lock
   *   reported | plain               | plain                     | lock
   *   history  | volatile            | volatile by the user      | checked mode only
   */

  /** The effect of leaving the outermost section. */
  protected enum Exit {
    /**
     * {@link SlotReader#shut} is called, and again if an error broke off the call or the entry. The flavour must find
     * out what remains to be done.
     */
    HOOK,
    /**
     * The slot is cleared by a release store; {@link SlotReader#shut} is not called. This is the cheaper kind; the
     * flavour may use the second word.
     */
    CLEAR,
    /**
     * The slot only counts sections, by plain stores: for flavours whose grace periods look at the second word only.
     * {@link SlotReader#open} calls {@link SlotReader#countSlot}; {@link SlotReader#shut} is not called.
     */
    COUNT
  }
  private static final VarHandle SLOT = handle();
  private static final long OFFLINE = -1;
  private static final long CLOSED = -2;
  private static final long DROPPED = -3;
  private static final String NOT_TAKEN_OVER = "cannot be taken over by another thread";

  private final Registration registration;
  private final Exit exit;
  private final Object lock = new Object();

  /** The slot of the present user. */
  private Slot slot;

  private ThreadReaders home;
  private boolean isAside;
  private boolean lent;
  private boolean reported;

  /**
   * Checked mode: the stack at which the reader went offline or was closed; with {@link Checked#STACKS} also that of
   * the last entry.
   */
  private volatile Throwable history;

  /**
   * Makes a reader that is online and outside any section, with {@link Exit#HOOK}.
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
    this.exit = exit;
    this.home = registration.origin();
    this.slot = newSlot(home);
  }

  private Slot newSlot(ThreadReaders user) {
    Slot made = switch (exit) {
      case HOOK -> HookSlot.of(this);
      case CLEAR -> ClearSlot.of(this);
      case COUNT -> CountSlot.of(this);
    };
    made.user = user.threadNumber;
    return made;
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(SlotReader.class, "slot", Slot.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The present slot, read by a thread that may not be the user. */
  private Slot slotAcquire() {
    return (Slot) SLOT.getAcquire(this);
  }

  /**
   * Enters the outermost section: until {@link #shut}, objects that the user reads must stay valid. The flavour keeps
   * the state of the section in the slot and not in fields of the reader, since a second thread that uses the reader
   * against its contract may call this at the same time, with a slot of its own.
   *
   * @param own the slot to be taken
   */
  protected abstract void open(Slot own);

  /**
   * Leaves the outermost section. Called with {@link Exit#HOOK} only.
   *
   * @param own the slot that was taken
   */
  protected void shut(Slot own) {
    setSlotRelease(own, 0);
  }

  /**
   * Issues a full fence that pairs with the former user's entry: either the caller then sees the entry's store, or the
   * entry sees, after its store, what the caller wrote before the fence. A flavour whose {@link #open} ends with a full
   * fence, or a read-modify-write that is one, issues one here. By default each thread of the process is stopped for a
   * moment.
   */
  protected void fenceUser() {
    Handshake.withAll();
  }

  /**
   * Announces a quiescent state, outside any section. Does nothing unless the flavour needs it; then it writes to
   * {@link #slotOfUser}.
   *
   * @param own the present slot
   */
  protected void announce(Slot own) {}

  /**
   * Stops holding up grace periods between sections. Does nothing in flavours whose readers hold them up in sections
   * only; may be repeated.
   */
  protected void detach() {}

  /** Undoes {@link #detach()}. */
  protected void attach() {}

  /** Releases the flavour's resources of a reader that is closed, dropped, or set aside since its thread has ended. */
  protected void discard() {}

  /** Takes the resources again that {@link #discard()} released, when another thread takes the reader over. */
  protected void restore() {}

  /**
   * Whether a section must be left by the thread that entered it.
   *
   * @return true by default
   */
  protected boolean isBoundToThread() {
    return true;
  }

  /**
   * The word that a grace period reads: pairs with {@link #setSlotRelease} of the user.
   *
   * @return the slot; with {@link Exit#CLEAR}, 0 while the reader is offline or closed
   */
  protected long getSlotAcquire() {
    return slotAcquire().getMarkAcquire();
  }

  /**
   * Whether sections are counted, as {@link #inSection()} needs.
   *
   * @return true, unless the flavour replaces {@link #enter()}
   */
  protected boolean isCounted() {
    return true;
  }

  /**
   * Whether the reader is known to be offline or closed, and so enters no section before it has come online and issued
   * a full fence. A grace period calls this after a full fence of its own.
   *
   * @return true if so
   */
  protected final boolean isAwayAcquire() {
    return slotAcquire().getStateAcquire() < 0;
  }

  /**
   * Writes the slot, ordered with nothing: the caller fences.
   *
   * @param own of the user
   * @param value the new value
   */
  protected static void setSlotOpaque(Slot own, long value) {
    own.setOpaque(value);
  }

  /**
   * Counts the outermost section in the slot, with {@link Exit#COUNT}: a plain store, which no scan looks at.
   *
   * @param own of the user
   */
  protected static void countSlot(Slot own) {
    own.slot = Slot.OUTERMOST;
  }

  /**
   * Writes the present number of a counter into the slot, ordered with nothing: the caller fences.
   *
   * @param own of the user
   * @param epoch the counter whose number
   */
  protected static void setSlotOpaque(Slot own, EpochCounter epoch) {
    own.setOpaque(epoch.getOpaque());
  }

  /**
   * Writes the slot after all that the user read and wrote before: pairs with {@link #getSlotAcquire()} of the scan.
   *
   * @param own of the user
   * @param value the new value
   */
  protected static void setSlotRelease(Slot own, long value) {
    own.setRelease(value);
  }

  /**
   * The value that the user itself wrote into the second word.
   *
   * @param own of the user
   * @return its value, 0 at first
   */
  protected static long getAsidePlain(Slot own) {
    return own.getAsidePlain();
  }

  /**
   * Reads the second word. It is the flavour's own unless the exit is a {@link Exit#HOOK}.
   *
   * @return its value, 0 at first
   */
  protected final long getAsideAcquire() {
    return slotAcquire().getAsideAcquire();
  }

  /**
   * Writes the flavour's second word, ordered with nothing. For {@link #attach()} and {@link #detach()}.
   *
   * @param value the new value
   */
  protected final void setAsideOpaque(long value) {
    slot.setAsideOpaque(value);
  }

  /**
   * Writes the flavour's second word after all that the user read and wrote before. For {@link #attach()} and {@link
   * #detach()}.
   *
   * @param value the new value
   */
  protected final void setAsideRelease(long value) {
    setAsideRelease(slot, value);
  }

  /**
   * Writes the flavour's second word after all that the user read and wrote before.
   *
   * @param own of the user
   * @param value the new value
   */
  protected static void setAsideRelease(Slot own, long value) {
    own.setAsideRelease(value);
  }

  @Override
  public final String name() {
    return registration.name();
  }

  /** {@inheritDoc} A flavour that needs no count of sections replaces this, unless {@link Checked#ON}. */
  @Override
  public ReadSection enter() {
    Slot own = slot;
    long self = self();
    if ((own.state() | own.user ^ self) != 0) { // inside or away, or another's: one branch for all
      return enterSlowly();
    }
    enterOutermost(own);
    return own.isStillOf(self) ? own : enterAgain(own);
  }

  private static long self() {
    return Thread.currentThread().threadId();
  }

  /**
   * Whether the calling thread is still the user. An {@link #open} that waits checks this, and returns if it is not.
   *
   * @param own the slot to be taken
   * @return false if another thread has taken the reader over, or tries to; after {@code open} returns, this class
   *     undoes the entry, and then takes the reader over again or refuses the calling thread
   */
  protected static boolean isUser(Slot own) {
    return own.isStillOf(self());
  }

  private void enterOutermost(Slot own) {
    if (Checked.ON) {
      Headroom.requireForExit();
    }
    if (Checked.STACKS) {
      history = Checked.here("entered");
    }
    try {
      open(own);
      own.setEntered();
    } catch (VirtualMachineError e) { // nothing was read, so nothing is ordered; there is no stack to call anything
      if (exit == Exit.HOOK) {
        own.aside = Slot.OWING;
        own.owed = 1;
      } else {
        own.slot = 0;
      }
      throw e;
    }
  }

  private Slot enterSlowly() {
    makeUp();
    return slot.state() == 0 ? enterAsUser() : enterNested(slot);
  }

  /** Enters again, after another thread has taken the reader over, or failed to. */
  private Slot enterAgain(Slot own) {
    own.retreat();
    return enterSlowly();
  }

  private Slot enterAsUser() {
    Slot own = slotOfUser(slot);
    refuse(own.state() != 0, "cannot enter a section");
    enterOutermost(own);
    if (!own.isStillOf(self())) {
      own.retreat();
      throw usedElsewhere("was just taken over by");
    }
    return own;
  }

  private Slot enterNested(Slot own) {
    long seen = own.state();
    refuse(seen < 0, "cannot enter a section");
    refuse((seen & Slot.NESTING) == Slot.NESTING, "cannot nest deeper");
    if (!own.isOf(self())) {
      adopt(own);
      return enterSlowly(); // the thread that has ended may have left
    }
    own.setNesting(seen + 1);
    return own;
  }

  /** Makes the calling thread the user of a section that a thread which has ended left open. */
  private void adopt(Slot own) {
    ThreadReaders mine = registration.threads().mine();
    synchronized (lock) {
      if (own.user != mine.threadNumber && own.getStateAcquire() > 0) { // else it was left meanwhile, or set aside
        if (own != slot || !home.isOwnerDead()) {
          throw usedElsewhere("is inside a section of");
        }
        makeUser(mine);
      }
    }
  }

  /** Makes a thread the user in the place of one that has ended. The caller holds the lock. */
  private void makeUser(ThreadReaders mine) {
    mine.addExplicit(this);
    home = mine;
    slot.setUser(mine.threadNumber);
  }

  @Override
  public final boolean leaveAbandoned(Runnable last) {
    Objects.requireNonNull(last, "last");
    Headroom.require();
    makeUp();
    ThreadReaders mine = registration.threads().mine();
    ThreadReaders ended = adoptAbandoned(mine);
    if (ended == null) {
      return false;
    }
    try {
      warnOf(ended);
      last.run();
    } finally {
      leaveAdopted(mine);
    }
    return true;
  }

  /** Makes the calling thread the user of what an ended thread left open; returns that thread's readers, or null. */
  private ThreadReaders adoptAbandoned(ThreadReaders mine) {
    synchronized (lock) {
      ThreadReaders former = home;
      boolean hasEnded = former.isOwnerDead(); // asked first: a thread that lives may leave, and then end
      if (!mayBeInside() || isAside) {
        return null;
      }
      refuse(!hasEnded, "is not abandoned");
      makeUser(mine);
      return former;
    }
  }

  private void warnOf(ThreadReaders ended) {
    SafeLog.warn(SlotReader.class, () -> "reader '" + name() + "' was inside a section of thread " + ended.describe()
        + ", which has ended; the section is left by " + Thread.currentThread(), entry());
  }

  private void leaveAdopted(ThreadReaders mine) {
    synchronized (lock) {
      if (slot.user == mine.threadNumber && slot.state() >= 0) { // the last work may have left the section itself
        shutIfTaken();
        leaveRegistry();
      }
    }
  }

  private void shutIfTaken() {
    if (exit == Exit.HOOK && slot.state() > 0) {
      shut(slot);
    }
    slot.setState(0);
  }

  /** Whether a section is open, or may be, where sections are not counted. */
  private boolean mayBeInside() {
    long state = slot.getStateAcquire();
    return state > 0 || state == 0 && !isCounted();
  }

  private IllegalStateException usedElsewhere(String how) {
    return new IllegalStateException("reader '" + name() + "' " + how + " " + home.owner()
        + " and cannot be entered by " + Thread.currentThread() + "; give each thread a reader");
  }

  final void leaveNested(Slot own) {
    long seen = own.state();
    refuse(seen <= 0, "has no open section to leave");
    own.setNesting(seen - 1);
  }

  /** Checked mode: throws if another thread entered the section. If that thread has ended, any thread may leave it. */
  final void checkLeaving(Slot own) {
    if (own.state() > 0 && isBoundToThread() && userOf(own) != self() && !home.isOwnerDead()) {
      throw leftElsewhere(Thread.currentThread());
    }
  }

  /** The number of the user; while another thread tries to take the reader over, this waits for the outcome. */
  private long userOf(Slot own) {
    long seen = own.user;
    return seen != 0 ? seen : userOfSettled(own);
  }

  private long userOfSettled(Slot own) {
    synchronized (lock) {
      return own.user;
    }
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

  /** Makes the calling thread the user. The caller holds the lock; the reader must be outside sections. */
  private Slot claim(String what) {
    makeUp();
    refuse(slot.state() != 0 && slot.state() != OFFLINE, what);
    return slotOfUser(slot);
  }

  /**
   * Makes the calling thread the user; called by {@link #announce} before it writes.
   *
   * @param own the present slot
   * @return the slot of the calling thread
   */
  protected final Slot slotOfUser(Slot own) {
    if (own.isOf(self())) {
      return own;
    }
    Headroom.require();
    return takeOver(registration.threads().mine());
  }

  private Slot takeOver(ThreadReaders mine) {
    synchronized (lock) {
      if (slot.user != mine.threadNumber) {
        refuse(slot.getStateAcquire() > 0, NOT_TAKEN_OVER);
        mine.addExplicit(this);
        replace(slot, newSlot(mine), mine);
      }
      return slot;
    }
  }

  private void replace(Slot old, Slot next, ThreadReaders mine) {
    exclude(old);
    boolean away = isAside || lent;
    comeBack();
    next.goOn(old);
    home = mine;
    lent = false;
    reported = false;
    SLOT.setRelease(this, next);
    VarHandle.fullFence(); // A, as in online(): before the first section of this user
    if (away && next.state() == 0) {
      attach();
    }
  }

  /** Makes sure that the former user is not in a section and enters none through its slot. */
  private void exclude(Slot old) {
    long former = old.user;
    if (former == 0 || old.getStateAcquire() < 0 || home.isOwnerDead()) {
      old.setUser(0);
      return;
    }
    boolean free = false;
    try {
      old.setUser(0);
      fenceUser(); // pairs with that of the former user's entry
      free = old.isFree();
    } finally {
      if (!free) {
        old.setUser(former);
      }
    }
    refuse(!free, NOT_TAKEN_OVER);
  }

  private void comeBack() {
    if (isAside) {
      registration.join(this);
      restore();
      isAside = false;
    }
  }

  /** Completes an exit, or undoes an entry, that a stack overflow broke off. Any thread may call it. */
  final void makeUp() {
    if (slot.owed != 0) {
      Headroom.require();
      synchronized (lock) {
        if (slot.owed != 0) {
          shut(slot);
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
    Slot own = slot;
    if (own.state() == 0) {
      announce(own);
    } else {
      makeUp();
      refuse(slot.state() != OFFLINE && slot.state() != 0, "cannot announce a quiescent state");
    }
  }

  @Override
  public final void offline() {
    synchronized (lock) {
      Slot own = claim("cannot go offline");
      own.setState(OFFLINE); // first: out of stack, a reader may stay attached offline, but not go detached online
      detach();
      remember("went offline");
    }
  }

  @Override
  public final void online() {
    synchronized (lock) {
      Slot own = claim("cannot go online");
      if (own.state() == OFFLINE) {
        attach();
        own.setState(0);
        history = null;
        VarHandle.fullFence(); // A, pairs with fence B of a grace period that called isAwayAcquire
      }
    }
  }

  @Override
  public final void close() {
    makeUp();
    refuse(registration.isImplicit(), "is implicit and cannot be closed; it goes when its thread ends");
    refuse(inSection(), "cannot be closed");
    synchronized (lock) {
      if (isClosed()) {
        registration.leave(this); // if a stack overflow broke off an earlier call
      } else {
        claim("cannot be closed").setState(OFFLINE); // as in offline()
        end(CLOSED);
        remember("closed");
      }
    }
  }

  /** Discards a reader that registering failed to return. Called by the engine. */
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

  /** Called by the user: whether the reader is closed, or was dropped. */
  final boolean isClosed() {
    return slot.state() < OFFLINE && slot.owed == 0;
  }

  /** Whether this thread is inside a section of this reader. */
  final boolean isInside(ThreadReaders thread) {
    Slot own = slotAcquire();
    return own.getStateAcquire() > 0 && userOf(own) == thread.threadNumber;
  }

  /** Whether a thread may still use objects that it read with this reader; true in doubt. */
  final boolean mayBeInside(ThreadReaders thread) {
    Slot own = slotAcquire();
    return isCounted()
        ? isInside(thread)
        : own.getStateAcquire() == 0 && userOf(own) == thread.threadNumber;
  }

  /** Whether another thread is the user now, or the reader is closed. A hint. */
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

  /** Called by a thread that is going to wait for a grace period: takes the reader out of its way. */
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
        if (slot.state() != OFFLINE && !isClosed()) { // a stall listener may have taken it offline, or closed it
          attach();
        }
        lent = false;
      }
    }
  }

  /**
   * Sets the reader aside, unless it may be inside a section. Called by the sweeper, which found that the user has
   * ended. Returns whether that is to be reported.
   */
  final boolean setAside() {
    makeUp();
    synchronized (lock) {
      long state = slot.getStateAcquire();
      if (isAside || !home.isOwnerDead() || state < OFFLINE) {
        return false;
      }
      Headroom.require();
      boolean inside = mayBeInside();
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
   * Called by the sweeper once, after the handle was collected: releases a reader that is outside; one that may be
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
      throw new IllegalStateException("reader '" + name() + "' " + what + ": " + text(slot.state()), history);
    }
  }

  private void remember(String what) {
    if (Checked.ON) {
      history = Checked.here(what);
    }
  }

  /** Checked mode: throws outside a section. */
  final void requireSection() {
    refuse(!inSection(), "follows a pointer outside any section; write try (ReadSection _ = reader.enter()) { ... }");
  }

  /** Checked mode: the stack of the user's last remembered operation; null if there is none. */
  final Throwable history() {
    return history;
  }

  /** The stack at which the open section was entered; null if unknown. Any thread may call it. */
  final Throwable entry() {
    return Checked.STACKS && isInside() ? history : null;
  }

  /** Whether a section is open. Any thread may call it. */
  final boolean isInside() {
    return slotAcquire().getStateAcquire() > 0;
  }

  /** Describes a state, which is read once: if two threads use the reader, it changes. */
  private String text(long state) {
    if (state > 0) {
      return "it is inside a section, entered by thread " + home.describe()
          + (home.isOwnerDead() ? ", which has ended; leaveAbandoned() leaves it" : ", which must be left first");
    }
    return switch ((int) state) {
      case 0 -> "it is outside any section; if threads share it, give each thread a reader";
      case (int) OFFLINE -> "it is offline; call online() first";
      case (int) CLOSED -> "it is closed; register another";
      default -> "it was dropped without being closed; register another";
    };
  }
}
