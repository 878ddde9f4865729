package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.PendingStores;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections behind four stores that miss the caches. */
final class PendingPlan {

  private PendingPlan() {}

  static List<Subject> subjects() {
    return List.of(
        subject("unprotected", Trials.FULL_FENCE, 1),
        subject("unprotected", Trials.FULL_FENCE, 2),
        subject("section", Trials.MEMBARRIER, 1),
        subject("section", Trials.MEMBARRIER, 2),
        subject("section", Trials.FULL_FENCE, 1),
        subject("section", Trials.FULL_FENCE, 2));
  }

  private static Subject subject(String method, String flavour, int threads) {
    boolean section = method.equals("section");
    return new Subject(
        "4 stores + " + (section ? Trials.shortName(flavour) : "no section") + " " + threads + "T",
        section ? "what a section waits for" : "the stores themselves",
        new Trial(PendingStores.class, method, threads, Map.of("flavour", flavour)),
        Optional.of(Trials.volatileRead(threads)),
        Unit.NANOS,
        Peer.NONE);
  }
}
