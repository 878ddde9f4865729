package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.GracePeriods;
import io.flatview.examples.bench.rcu.Membarrier;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Anchor;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Target;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Grace periods with no busy reader, one and two. */
final class GracePeriodPlan {

  private static final int READERS = 2;

  /** Half of what liburcu needs with one busy reader. */
  private static final double ONE_READER_MICROS = 10.6;

  /** Median microseconds of liburcu 0.15 with 0, 1 and 2 busy readers. */
  private static final Map<String, List<Anchor>> LIBURCU = Map.of(
      Trials.MEMBARRIER, anchors("liburcu memb", "0.04", "21.3", "24.6"),
      Trials.FULL_FENCE, anchors("liburcu mb", "0.04", "0.13", "0.14"),
      Trials.QSBR, anchors("liburcu qsbr", "0.04", "0.25", "9.49"));

  private static final List<Anchor> BARRIER = anchors("C", "0.43", "10.4", "11.5");

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

  private static List<Anchor> anchors(String source, String... figures) {
    return List.of(figures).stream().map(figure -> new Anchor(figure, source)).toList();
  }

  private void barriers() {
    for (int readers = 0; linux && readers <= READERS; readers++) {
      subjects.add(new Subject("membarrier alone " + readers + "R", "the system call", Trials.membarrier(readers),
          Optional.empty(), Unit.MICROS, BARRIER.get(readers), Target.NONE));
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
          anchor(flavour, readers),
          target(method, flavour, readers)));
    }
  }

  private static Anchor anchor(String flavour, int readers) {
    return LIBURCU.containsKey(flavour) ? LIBURCU.get(flavour).get(readers) : Anchor.NONE;
  }

  private static Target target(String method, String flavour, int readers) {
    boolean asked = method.equals("synchronize") && flavour.equals(Trials.MEMBARRIER) && readers == 1;
    return asked ? Target.atMost(ONE_READER_MICROS) : Target.NONE;
  }
}
