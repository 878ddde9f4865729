package io.flatview.rcu.refcount;

import io.flatview.rcu.spi.Registration;
import java.util.concurrent.atomic.AtomicInteger;

/** Shares its stripe: two atomic additions per section. */
final class CountedReader extends PhaseReader {

  CountedReader(Registration registration, AtomicInteger phase, SectionCounts counts, int stripe) {
    super(registration, phase, counts, stripe);
  }

  @Override
  void countIn(SectionCounts counts, int phase, int stripe) {
    counts.increment(phase, stripe);
  }

  @Override
  void countOut(SectionCounts counts, int phase, int stripe) {
    counts.decrement(phase, stripe);
  }
}
