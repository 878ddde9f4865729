package io.flatview.rcu.qsbr;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Checked;
import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** The explicit reader: its second word shows the last number that it announced, or 0 while it is offline. */
final class AnnouncingReader extends SlotReader {

  /*
   *   reader, quiescent:  word = epoch, release        writer:  unlink
   *                       fence Q                               fence B        (in the engine, before the scan)
   *           section:    load pointer, use it                  epoch = e
   *                                                             wait until word is 0 or at least e
   *                                                             free
   *
   *   field | read                 | write                                             | guard
   *   aside | acquire              | release when announcing and going offline, opaque | the reader's thread
   *         |                      | when coming online                                |
   *   epoch | acquire by readers   | volatile RMW by the thread of a grace period      | single writer
   *
   * A section stores nothing: as far as a grace period can tell, the reader is inside from one announcement to the
   * next. An announcement of the number that the word shows already would tell nobody anything, and is left out, fence
   * and all.
   *
   * The release of an announcement pairs with the acquire of the scan. Forbidden: a load of a section before the
   * announcement happens after the object was freed.
   *
   * Fence Q pairs with fence B. Forbidden: the scan sees the announcement, or sees the reader offline, and a section
   * after it loads the old pointer. If the word shows e or more, the reader read an epoch that was stored after B, and
   * its later loads are behind fence Q, so they see the unlinking. If the scan saw 0 although the reader has come
   * online, then the scan's load missed the store ahead of Q, so B precedes Q, and the later loads see the unlinking.
   */

  /** Where a program that is known to be right asks for it, sections are not even counted. */
  private static final boolean COUNTED = Checked.ON || !Boolean.getBoolean("flatview.rcu.qsbr.uncounted");

  private static final long INSIDE = 1;
  private static final Uncounted UNCOUNTED = new Uncounted();

  private final EpochCounter epoch;

  AnnouncingReader(Registration registration, EpochCounter epoch) {
    super(registration, Exit.CLEAR);
    this.epoch = epoch;
  }

  @Override
  public ReadSection enter() {
    return COUNTED ? super.enter() : UNCOUNTED;
  }

  @Override
  protected boolean isCounted() {
    return COUNTED;
  }

  @Override
  protected long getSlotAcquire() {
    return getAsideAcquire();
  }

  /** The count is for the owner's own checks; no grace period looks at it. */
  @Override
  protected void open() {
    setSlotOpaque(INSIDE);
  }

  @Override
  protected void abandon(boolean inside) {
    detach();
  }

  @Override
  protected void announce() {
    long current = epoch.getAcquire();
    if (current != getAsideAcquire()) {
      setAsideRelease(current); // pairs with the acquire of the scan
      VarHandle.fullFence(); // Q, pairs with B
    }
  }

  @Override
  protected void detach() {
    setAsideRelease(0); // pairs with the acquire of the scan
  }

  @Override
  protected void attach() {
    setAsideOpaque(epoch.getAcquire());
    VarHandle.fullFence(); // Q, pairs with B
  }

  /** A section of nothing. */
  private static final class Uncounted implements ReadSection {

    @Override
    public void close() {
      // the reader says when it has read enough
    }
  }
}
