package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

/**
 * A reader with a word of its own, alone on its cache lines, for the reclaiming thread to look at. This class keeps
 * count of nesting and refuses misuse; a flavour fills in what happens at the outermost entry and exit.
 *
 * <p>By convention of all flavours the slot is 0 when the reader holds up no grace period. With {@link Exit#CLEAR} it
 * must be so outside, and inside above 0 with low 16 bits of 1, such as the numbers of an {@link EpochCounter}: this
 * class counts the nesting there.
 *
 * <p><b>Threading.</b> The hooks are called by the owner, but for {@link #abandon}.
 */
public abstract class SlotReader implements Reader {

  /*
   * The slot, its table of accesses and what its values mean stand in Slot.
   *
   * open() comes before the state says inside: should it die of a stack overflow, a hooked slot may be taken for
   * nothing, which delays a grace period; the other way round, the next section would count as nested and protect
   * nothing. Where slot and state are one word, it is cleared in that case.
   *
   *   field   | read                    | write                   | guard
   *   entrant | plain by whoever leaves | plain by whoever enters | the hand-over of the reader; checked mode only
   *   history | plain by whoever has   | plain by whoever has    | likewise
   *           | the reader              | the reader              |
   */

  /** What leaving the outermost section amounts to. */
  protected enum Exit {
    /** {@link SlotReader#shut()} is called. */
    HOOK,
    /**
     * The slot is cleared by a release store; {@link SlotReader#shut()} is not called. The cheaper one; the second word
     * is free for the flavour.
     */
    CLEAR
  }

  private static final WeakReference<Thread> NOBODY = new WeakReference<>(null);
  private static final long OFFLINE = -1;
  private static final long CLOSED = -2;
  private static final long ABANDONED = -3;

  private final Registration registration;
  private final Slot slot;
  private WeakReference<Thread> entrant = NOBODY;

  /** Checked mode: where it was entered last, with stacks only; where it went offline or was closed. */
  private Throwable history;

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
    this.slot = exit == Exit.HOOK ? HookSlot.of(this) : ClearSlot.of(this);
  }

  /** Enters the outermost section: from here to {@link #shut()}, what the owner reads must stay valid. */
  protected abstract void open();

  /** Leaves the outermost section. Called with {@link Exit#HOOK} only. */
  protected void shut() {
    setSlotRelease(0);
  }

  /** Announces a quiescent state, outside any section. Does nothing unless the flavour needs it. */
  protected void announce() {}

  /** Stops holding up grace periods between sections. Does nothing unless the flavour does so; may be repeated. */
  protected void detach() {}

  /** Undoes {@link #detach()}. */
  protected void attach() {}

  /** Gives back what the reader has of its flavour. Called once, when it was closed, and after {@link #abandon}. */
  protected void discard() {}

  /**
   * Releases whatever the owner held when it died. Called once, by a thread that saw the owner dead. The slot is taken
   * out of use afterwards.
   *
   * @param inside whether the owner died inside a section
   */
  protected void abandon(boolean inside) {
    setSlotRelease(0);
  }

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

  /**
   * Writes the present number of a counter into the slot, ordered with nothing: the caller fences. It finds the slot
   * before it reads the number: after an acquire load C2 would look for the slot again.
   *
   * @param epoch whose number
   */
  protected final void setSlotOpaque(EpochCounter epoch) {
    Slot own = slot;
    own.setOpaque(epoch.getAcquire());
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
   * Reads the second word. It is the flavour's own with {@link Exit#CLEAR} only.
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
    if (own.state() == 0) {
      enterOutermost(own);
    } else {
      enterNested();
    }
    return own;
  }

  private void enterOutermost(Slot own) {
    if (Checked.ON) {
      rememberEntry(Thread.currentThread());
    }
    try {
      open();
      own.setEntered();
    } catch (StackOverflowError e) {
      own.clearUnentered();
      throw e;
    }
  }

  /** Weakly: a reader that was left behind must not keep its thread alive. */
  private void rememberEntry(Thread current) {
    if (entrant.get() != current) {
      entrant = new WeakReference<>(current);
    }
    if (Checked.STACKS) {
      history = Checked.here("entered");
    }
  }

  private void enterNested() {
    long seen = slot.state();
    refuse(seen < 0, "cannot enter a section");
    refuse((seen & Slot.NESTING) == Slot.NESTING, "cannot nest deeper");
    slot.setState(seen + 1);
  }

  final void leaveNested() {
    long seen = slot.state();
    refuse(seen <= 0, "has no open section to leave");
    slot.setState(seen - 1);
  }

  /** For checked mode. */
  final void checkLeaving() {
    Thread current = Thread.currentThread();
    if (inSection() && isBoundToThread() && current != entrant.get()) {
      throw leftElsewhere(current);
    }
  }

  private IllegalStateException leftElsewhere(Thread current) {
    Thread first = entrant.get();
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

  @Override
  public final boolean inSection() {
    return slot.state() > 0;
  }

  @Override
  public final void quiescent() {
    if (slot.state() == 0) {
      announce();
    } else {
      refuse(slot.state() != OFFLINE, "cannot announce a quiescent state");
    }
  }

  @Override
  public final void offline() {
    refuse(slot.state() != 0 && slot.state() != OFFLINE, "cannot go offline");
    detach();
    slot.setState(OFFLINE);
    remember("went offline");
  }

  @Override
  public final void online() {
    refuse(slot.state() != 0 && slot.state() != OFFLINE, "cannot go online");
    if (slot.state() == OFFLINE) {
      slot.setState(0);
      history = null;
      VarHandle.fullFence(); // A, pairs with fence B of a grace period that asked isAwayAcquire
      attach();
    }
  }

  @Override
  public final void close() {
    refuse(registration.isImplicit(), "is implicit and cannot be closed; it goes when its thread ends");
    refuse(inSection(), "cannot be closed");
    if (!isClosed()) {
      detach();
      slot.setState(CLOSED);
      remember("closed");
      registration.leave(this);
      discard();
    }
  }

  /** For the owner: whether there is nothing to do with this reader any more. */
  final boolean isClosed() {
    return slot.state() < OFFLINE;
  }

  /** For the owner: whether it may hold something that it read, as far as can be told. */
  final boolean mayBeInside() {
    return isCounted() ? inSection() : slot.state() == 0;
  }

  final Registration registration() {
    return registration;
  }

  /** For the owner: lets grace periods pass while it waits for one. */
  final void beginWait() {
    if (slot.state() == 0) {
      detach();
    }
  }

  /** For the owner: undoes {@link #beginWait}. */
  final void endWait() {
    if (slot.state() == 0) {
      attach();
    }
  }

  /** For the sweeper, once, after it saw the owner dead; returns whether that died inside a section. */
  final boolean abandonDead() {
    boolean inside = slot.getStateAcquire() > 0;
    abandon(inside);
    slot.setState(ABANDONED);
    discard();
    return inside;
  }

  /** For the sweeper, once, after the last handle was collected: a reader that may be inside must stay. */
  final boolean abandonDropped() {
    boolean outside = isCounted() && slot.getStateAcquire() <= 0;
    if (outside) {
      abandonDead();
    }
    return outside;
  }

  /** For the sweeper: whether it was closed, or released before. */
  final boolean isOutOfUse() {
    return slot.getStateAcquire() < OFFLINE;
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

  private String state() {
    if (inSection()) {
      return "it is inside a section, which must be left first";
    }
    return switch ((int) slot.state()) {
      case 0 -> "it is outside any section";
      case (int) OFFLINE -> "it is offline; call online() first";
      case (int) CLOSED -> "it is closed; register another";
      default -> "the thread that registered it ended without closing it; register another";
    };
  }
}
