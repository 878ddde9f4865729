package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.PendingStores;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Anchor;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Target;
import io.flatview.examples.bench.table.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections behind four stores that miss the caches. */
final class PendingPlan {

  private PendingPlan() {}

  static List<Subject> subjects() {
    return List.of(
        subject("unprotected", Trials.FULL_FENCE, 1, "39.4"),
        subject("unprotected", Trials.FULL_FENCE, 2, "36.1"),
        subject("section", Trials.MEMBARRIER, 1, "54.5"),
        subject("section", Trials.MEMBARRIER, 2, "41.9"),
        subject("section", Trials.FULL_FENCE, 1, "77.9"),
        subject("section", Trials.FULL_FENCE, 2, "72.0"));
  }

  private static Subject subject(String method, String flavour, int threads, String prototype) {
    boolean section = method.equals("section");
    return new Subject(
        "4 stores + " + (section ? Trials.shortName(flavour) : "no section") + " " + threads + "T",
        section ? "what a section waits for" : "the stores themselves",
        new Trial(PendingStores.class, method, threads, Map.of("flavour", flavour)),
        Optional.of(Trials.volatileRead(threads)),
        Unit.NANOS,
        new Anchor(prototype, "Java prototype"),
        Target.NO_BYTES);
  }
}
