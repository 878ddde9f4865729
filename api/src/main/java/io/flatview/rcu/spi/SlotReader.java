package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/**
 * A reader with a word of its own, alone on its cache lines, for the reclaiming thread to look at. This class keeps
 * count of nesting and refuses misuse; a flavour fills in what happens at the outermost entry and exit.
 *
 * <p>By convention of all flavours the slot is 0 when the reader holds up no grace period.
 *
 * <p><b>Threading.</b> The hooks are called by the owner, but for {@link #abandon}.
 */
public abstract class SlotReader extends SlotLayout.After implements Reader {

  /*
   * One word, depth, answers every question of the fast path: is the reader open, online, and outside any section? So
   * entering is a load, a branch that falls through, and the flavour's open().
   *
   *   field | read                     | write                    | guard
   *   depth | plain by the owner;      | plain by the owner;      | owner thread; the sweeper touches it only after it
   *         | opaque by the sweeper    | opaque by the sweeper    | saw the owner dead, which happens after all the
   *         |                          |                          | owner did (end of a thread, JLS 17.4.4)
   *   slot  | acquire by the scan      | opaque or release by the | the flavour says which fence orders the opaque
   *         |                          | owner                    | store and what follows it
   *
   * open() comes before depth = 1: should open() die of a stack overflow, the slot is taken for nothing, which delays a
   * grace period; the other way round, the next section would count as nested and protect nothing.
   */

  private static final long OFFLINE = -1;
  private static final long CLOSED = -2;
  private static final long ABANDONED = -3;

  private final Registration registration;
  private final ReadSection section = new Section();

  /**
   * A reader that is online and outside any section.
   *
   * @param registration as {@link Flavour#newReader} was given it
   */
  protected SlotReader(Registration registration) {
    this.registration = registration;
  }

  /** Enters the outermost section: from here to {@link #shut()}, what the owner reads must stay valid. */
  protected abstract void open();

  /** Leaves the outermost section. */
  protected abstract void shut();

  /** Announces a quiescent state, outside any section. Does nothing unless the flavour needs it. */
  protected void announce() {}

  /** Stops holding up grace periods between sections. Does nothing unless the flavour does so; may be repeated. */
  protected void detach() {}

  /** Undoes {@link #detach()}. */
  protected void attach() {}

  /**
   * Releases whatever the owner held when it died. Called once, by a thread that saw the owner dead.
   *
   * @param inside whether the owner died inside a section
   */
  protected void abandon(boolean inside) {
    setSlotRelease(0);
  }

  /**
   * Reads the slot: pairs with {@link #setSlotRelease} of the owner.
   *
   * @return its value
   */
  protected final long getSlotAcquire() {
    return (long) SLOT.getAcquire(this);
  }

  /**
   * Writes the slot, ordered with nothing: the caller fences.
   *
   * @param value the new value
   */
  protected final void setSlotOpaque(long value) {
    SLOT.setOpaque(this, value);
  }

  /**
   * Writes the slot after all that the owner read and wrote before: pairs with {@link #getSlotAcquire()} of the scan.
   *
   * @param value the new value
   */
  protected final void setSlotRelease(long value) {
    SLOT.setRelease(this, value);
  }

  @Override
  public final String name() {
    return registration.name();
  }

  @Override
  public final ReadSection enter() {
    if (depth == 0) {
      open();
      depth = 1;
    } else {
      enterNested();
    }
    return section;
  }

  private void enterNested() {
    refuse(depth < 0, "cannot enter a section");
    depth++;
  }

  private void leave() {
    if (depth == 1) {
      shut();
      depth = 0;
    } else {
      leaveNested();
    }
  }

  private void leaveNested() {
    refuse(depth <= 0, "has no open section to leave");
    depth--;
  }

  @Override
  public final boolean inSection() {
    return depth > 0;
  }

  @Override
  public final void quiescent() {
    if (depth == 0) {
      announce();
    } else {
      refuse(depth != OFFLINE, "cannot announce a quiescent state");
    }
  }

  @Override
  public final void offline() {
    refuse(depth != 0 && depth != OFFLINE, "cannot go offline");
    detach();
    depth = OFFLINE;
  }

  @Override
  public final void online() {
    refuse(depth != 0 && depth != OFFLINE, "cannot go online");
    if (depth == OFFLINE) {
      attach();
      depth = 0;
    }
  }

  @Override
  public final void close() {
    refuse(registration.isImplicit(), "is implicit and cannot be closed; it goes when its thread ends");
    refuse(inSection(), "cannot be closed");
    if (!isClosed()) {
      depth = CLOSED;
      detach();
      registration.leave(this);
    }
  }

  /** For the owner: whether there is nothing to do with this reader any more. */
  final boolean isClosed() {
    return depth < OFFLINE;
  }

  final Registration registration() {
    return registration;
  }

  /** For the owner: lets grace periods pass while it waits for one. */
  final void beginWait() {
    if (depth == 0) {
      detach();
    }
  }

  /** For the owner: undoes {@link #beginWait}. */
  final void endWait() {
    if (depth == 0) {
      attach();
    }
  }

  /** For the sweeper, once, after it saw the owner dead; returns whether that died inside a section. */
  final boolean abandonDead() {
    boolean inside = (long) DEPTH.getOpaque(this) > 0;
    DEPTH.setOpaque(this, ABANDONED);
    abandon(inside);
    return inside;
  }

  private void refuse(boolean wrong, String what) {
    if (wrong) {
      throw new IllegalStateException("reader '" + name() + "' " + what + ": " + state());
    }
  }

  private String state() {
    if (depth > 0) {
      return "it is inside a section, which must be left first";
    }
    return switch ((int) depth) {
      case 0 -> "it is outside any section";
      case (int) OFFLINE -> "it is offline; call online() first";
      case (int) CLOSED -> "it is closed; register another";
      default -> "the thread that registered it ended without closing it; register another";
    };
  }

  /** The one section that {@link #enter} returns again and again. */
  private final class Section implements ReadSection {

    @Override
    public void close() {
      leave();
    }
  }
}
