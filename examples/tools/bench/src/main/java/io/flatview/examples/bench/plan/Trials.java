package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.GracePeriods;
import io.flatview.examples.bench.rcu.ReadBaselines;
import io.flatview.examples.bench.run.Trial;
import java.util.List;
import java.util.Map;

/** Trials that several parts of the plan refer to. */
final class Trials {

  static final String MEMBARRIER = "epoch/membarrier";
  static final String FULL_FENCE = "epoch/full";
  static final String QSBR = "qsbr";
  static final String QSBR_UNCOUNTED = "qsbr/uncounted";
  static final String REFCOUNT = "refcount";
  static final List<String> FLAVOURS = List.of(MEMBARRIER, FULL_FENCE, QSBR, REFCOUNT);

  private Trials() {}

  /** The base of ratios of sections. */
  static Trial volatileRead(int threads) {
    return new Trial(ReadBaselines.class, "volatileRead", threads, Map.of());
  }

  /** The base of ratios of grace periods. Which policy the busy readers use is of no account. */
  static Trial membarrier(int readers) {
    return new Trial(GracePeriods.class, "membarrier", 1,
        Map.of("flavour", FULL_FENCE, "readers", String.valueOf(readers)));
  }

  /** A flavour's name, short enough for a table. */
  static String shortName(String flavour) {
    return flavour.replace("membarrier", "mb");
  }
}
