package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import java.util.concurrent.atomic.AtomicInteger;

/** Has a stripe of its own: an exchange to enter, a release store to leave. */
final class LoneReader extends PhaseReader {

  /*
   * Nobody else writes the counter, since a reader is used by one thread at a time, and its hand-over to another thread
   * orders their stores.
   */

  private final SectionCounts counts;
  private final int stripe;

  LoneReader(Registration registration, AtomicInteger phase, SectionCounts counts, int stripe) {
    super(registration, phase, counts, stripe);
    this.counts = counts;
    this.stripe = stripe;
  }

  @Override
  void countIn(SectionCounts counts, int phase, int stripe) {
    counts.set(phase, stripe);
  }

  @Override
  void countOut(SectionCounts counts, int phase, int stripe) {
    counts.clear(phase, stripe);
  }

  @Override
  protected void discard() {
    counts.giveBack(stripe);
  }
}
