package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.GracePeriods;
import io.flatview.examples.bench.rcu.Membarrier;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Grace periods with no busy reader, one and two. */
final class GracePeriodPlan {

  private static final int READERS = 2;

  /** Median microseconds of liburcu 0.15 with 0, 1 and 2 busy readers. */
  private static final Map<String, List<Peer>> LIBURCU = Map.of(
      Trials.MEMBARRIER, peers("liburcu memb", "0.04", "21.3", "24.6"),
      Trials.FULL_FENCE, peers("liburcu mb", "0.04", "0.13", "0.14"),
      Trials.QSBR, peers("liburcu qsbr", "0.04", "0.25", "9.49"));

  private static final List<Peer> BARRIER = peers("C", "0.43", "10.4", "11.5");

  private final boolean linux = Membarrier.isKnown();
  private final List<Subject> subjects = new ArrayList<>();

  private GracePeriodPlan() {}

  static List<Subject> subjects() {
    GracePeriodPlan plan = new GracePeriodPlan();
    plan.barriers();
    Trials.FLAVOURS.forEach(flavour -> plan.waits("synchronize", flavour));
    Trials.FLAVOURS.forEach(flavour -> plan.waits("expedited", flavour));
    return plan.subjects;
  }

  private static List<Peer> peers(String source, String... figures) {
    return List.of(figures).stream().map(figure -> new Peer(figure, source)).toList();
  }

  private void barriers() {
    for (int readers = 0; linux && readers <= READERS; readers++) {
      subjects.add(new Subject("membarrier alone " + readers + "R", "the system call", Trials.membarrier(readers),
          Optional.empty(), Unit.MICROS, BARRIER.get(readers)));
    }
  }

  private void waits(String method, String flavour) {
    for (int readers = 0; readers <= READERS; readers++) {
      subjects.add(new Subject(
          method + " " + Trials.shortName(flavour) + " " + readers + "R",
          method.equals("expedited") ? "the same, spinning" : "a grace period",
          new Trial(GracePeriods.class, method, 1, Map.of("flavour", flavour, "readers", String.valueOf(readers))),
          linux ? Optional.of(Trials.membarrier(readers)) : Optional.empty(),
          Unit.MICROS,
          peer(flavour, readers)));
    }
  }

  private static Peer peer(String flavour, int readers) {
    return LIBURCU.containsKey(flavour) ? LIBURCU.get(flavour).get(readers) : Peer.NONE;
  }
}
