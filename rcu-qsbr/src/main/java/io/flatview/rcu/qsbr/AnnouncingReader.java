package io.flatview.rcu.qsbr;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** The explicit reader: its slot shows the last number that it announced, or 0 while it is offline. */
final class AnnouncingReader extends SlotReader {

  /*
   *   reader, quiescent:  slot = epoch, release        writer:  unlink
   *                       fence Q                               fence B        (in the engine, before the scan)
   *           section:    load pointer, use it                  epoch = e
   *                                                             wait until slot is 0 or at least e
   *                                                             free
   *
   *   field | read                 | write                                             | guard
   *   slot  | acquire              | release when announcing and going offline, opaque | the reader's thread
   *         |                      | when coming online                                |
   *   epoch | acquire by readers   | volatile RMW by the reclaiming thread             | single writer
   *
   * A section stores nothing: as far as a grace period can tell, the reader is inside from one announcement to the
   * next. An announcement of the number that the slot shows already would tell nobody anything, and is left out, fence
   * and all.
   *
   * The release of an announcement pairs with the acquire of the scan. Forbidden: a load of a section before the
   * announcement happens after the object was freed.
   *
   * Fence Q pairs with fence B. Forbidden: the scan sees the announcement, or sees the reader offline, and a section
   * after it loads the old pointer. If the slot shows e or more, the reader read an epoch that was stored after B, and
   * its later loads are behind fence Q, so they see the unlinking. If the scan saw 0 although the reader has come
   * online, then the scan's load missed the store ahead of Q, so B precedes Q, and the later loads see the unlinking.
   */

  private final EpochCounter epoch;

  AnnouncingReader(Registration registration, EpochCounter epoch) {
    super(registration);
    this.epoch = epoch;
  }

  @Override
  protected void open() {}

  @Override
  protected void shut() {}

  @Override
  protected void announce() {
    long current = epoch.getAcquire();
    if (current != getSlotAcquire()) {
      setSlotRelease(current); // pairs with the acquire of the scan
      VarHandle.fullFence(); // Q, pairs with B
    }
  }

  @Override
  protected void detach() {
    setSlotRelease(0); // pairs with the acquire of the scan
  }

  @Override
  protected void attach() {
    setSlotOpaque(epoch.getAcquire());
    VarHandle.fullFence(); // Q, pairs with B
  }
}
