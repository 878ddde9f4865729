package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The scheme of the kernel's SRCU: a grace period waits until it has seen the counters of both phases at 0. */
final class RefcountFlavour implements Flavour {

  /*
   * A reader counts itself in under the present phase, and out under the phase that it remembers. A grace period makes
   * two passes: it waits for the counters of the idle phase, flips the phase, and waits for those of the phase that was
   * active.
   *
   *   reader, enter:  p = phase                 writer:  unlink
   *                   counter[p]++, fence C              fence B                      (in the engine)
   *                                                      wait for counter[idle] = 0
   *                   load pointer                       flip: active and idle change places
   *           leave:  counter[p]--                       wait for counter[formerly active] = 0
   *                                                      free
   *
   *   field   | read                           | write                              | guard
   *   phase   | opaque by readers, plain by    | release by the grace period        | one grace period at a time,
   *           | the grace period               |                                    | in the engine's turn
   *   counter | volatile by the scan           | by readers: see SectionCounts      | -
   *
   * Safety. Fence C pairs with fence B. Forbidden: the reader loads the old pointer and its counter is seen at 0. If it
   * loaded the old pointer, C precedes B, so every read of its counter after B sees its increment. The grace period
   * reads the counters of both phases after B, among them the reader's, which stays above 0 until the reader leaves,
   * whatever other readers do.
   *
   * Why both phases. A reader may sleep between reading the phase and counting itself in. Say it read 0; a grace period
   * flips to 1, finds counter[0] at 0 and ends; the reader wakes, counts itself in under 0 and loads a pointer. The
   * next grace period flips back to 0. Were it to look at phase 1 alone, it would free what that reader holds.
   *
   * Why flip. Without it, sections that overlap without a gap keep the counter of the one phase above 0 for ever. After
   * the flip only stragglers, readers that had read the phase before it, can still count themselves in under the old
   * phase, and there are finitely many. For the same reason the grace period waits for the idle phase first: before the
   * flip, only stragglers count themselves in there.
   *
   * No resurrection. The counters count sections, not references to an object, and no reader frees upon reaching 0: a
   * counter that rises again after it was seen at 0 counts another section, which began after B and finds nothing
   * unlinked.
   *
   * The flip itself orders nothing, and needs no fence: safety does not depend on which phase a reader took. For the
   * same reason a reader need not acquire the phase.
   */

  private final SectionCounts counts;
  private final AtomicInteger phase = new AtomicInteger();
  private final AtomicInteger nextStripe = new AtomicInteger();

  /** Makes a flavour that counts in the given counters, which a test may look at. */
  RefcountFlavour(SectionCounts counts) {
    this.counts = counts;
  }

  @Override
  public String name() {
    return RefcountPolicyProvider.NAME;
  }

  @Override
  public SlotReader newReader(Registration registration) {
    int lone = registration.isImplicit() ? -1 : counts.claim();
    try {
      return new PhaseReader(
          registration, phase, counts, lone, nextStripe.getAndIncrement() & (counts.shared() - 1));
    } catch (Throwable e) { // out of memory
      if (lone >= 0) {
        counts.giveBack(lone);
      }
      throw e;
    }
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    return new TwoPasses(phase.getPlain());
  }

  /** The scan of one grace period. Used by the thread that runs it. */
  private final class TwoPasses implements Scan {

    private final int active;
    private boolean flipped;
    private int stripe;

    TwoPasses(int active) {
      this.active = active;
    }

    @Override
    public boolean isOver() {
      if (!flipped && isDrained(1 - active)) {
        flip();
      }
      return flipped && isDrained(active);
    }

    /** After the flip, readers that enter count themselves in under the other phase, except stragglers. */
    @Override
    public boolean isHeldUpBy(SlotReader reader) {
      return reader instanceof PhaseReader counted && counted.isUnder(flipped ? active : 1 - active);
    }

    private boolean isDrained(int which) {
      while (stripe < counts.stripes() && counts.isZero(which, stripe)) {
        stripe++;
      }
      return stripe == counts.stripes();
    }

    private void flip() {
      phase.setRelease(1 - active);
      flipped = true;
      stripe = 0;
    }
  }
}
