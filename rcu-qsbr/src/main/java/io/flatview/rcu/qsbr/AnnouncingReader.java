package io.flatview.rcu.qsbr;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Checked;
import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** The explicit reader. Its second word, aside, holds the last number that it announced, or 0 while it is offline. */
final class AnnouncingReader extends SlotReader {

  /*
   *   reader, quiescent:  read epoch, acquire          writer:  unlink
   *                       word = epoch, release                 fence B        (in the engine, before the scan)
   *           section:    load pointer, use it                  epoch = e
   *                                                             wait until word is 0 or at least e
   *                                                             free
   *
   *   field | read                 | write                                             | guard
   *   slot  | plain by the user    | plain by the user: the count of sections          | one user at a time
   *   aside | acquire by the scan, | release when announcing and going offline, opaque | likewise; the reader's lock
   *         | plain by the user    | when coming online                                | while there is none
   *   epoch | acquire by readers,  | volatile RMW by the thread of a grace period      | single writer
   *         | opaque ahead of Q    |                                                   |
   *
   * A section stores nothing that other threads read: for a grace period, the reader is inside from one announcement to
   * the next. So the count of sections needs no order, not even at the outermost exit: the release of the next
   * announcement comes after all reads of the section. (The memory models of five machines confirm that for an opaque
   * store: q2 in examples/proofs/races/src/litmus.) A reader does not announce a number again that the word has
   * already, which would change nothing for the scan.
   *
   * The release of an announcement pairs with the acquire of the scan. Forbidden: a load of a section before the
   * announcement happens after the object was freed.
   *
   * The acquire of the epoch pairs with its RMW. Forbidden: the scan sees the announcement, and a section after it
   * loads the old pointer. If the word shows e or more, the reader has read an epoch that was stored after B; what it
   * loads behind that acquire is loaded after B, and so it sees the unlinking. No fence is needed: a scan that does not
   * see the announcement yet finds an older number, and waits.
   *
   * A reader that comes online does need a fence, since its word was 0. Fence Q pairs with fence B. Forbidden: the scan
   * sees the reader offline, and a section after it came online loads the old pointer. If the scan's load missed the
   * store ahead of Q, then B precedes Q, and the later loads see the unlinking. The epoch is read ahead of Q, which
   * orders it as an acquire would.
   */

  /**
   * Whether sections are counted, for the reader's own checks. The property turns that off for programs that are known
   * to be correct.
   */
  private static final boolean COUNTED = Checked.ON || !Boolean.getBoolean("flatview.rcu.qsbr.uncounted");

  private static final Uncounted UNCOUNTED = new Uncounted();

  private final EpochCounter epoch;

  AnnouncingReader(Registration registration, EpochCounter epoch) {
    super(registration, Exit.COUNT);
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

  /** Counts the section for the reader's own checks; no grace period reads the count. */
  @Override
  protected void open(Slot own) {
    countSlot(own);
  }

  @Override
  protected void announce(Slot own) {
    long current = epoch.getAcquire();
    if (current != getAsidePlain(own)) {
      setAsideRelease(slotOfUser(own), current); // pairs with the acquire of the scan
    }
  }

  @Override
  protected void detach() {
    setAsideRelease(0); // pairs with the acquire of the scan
  }

  @Override
  protected void attach() {
    setAsideOpaque(epoch.getOpaque());
    VarHandle.fullFence(); // Q, pairs with B
  }

  /** The section of a reader that counts none; it has no state. */
  private static final class Uncounted implements ReadSection {

    @Override
    public void close() {
      // the reader announces quiescent states instead
    }
  }
}
