package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.Retirement;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Anchor;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Target;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From retire to reclaimed: how many, how many at most in between, how soon. */
final class RetirePlan {

  private static final double MILLIONS_PER_SECOND = 100;
  private static final double LATENCY_MICROS = 200;
  private static final double BACKLOG_THOUSANDS = 250;

  private final Length length;
  private final List<Subject> subjects = new ArrayList<>();

  private RetirePlan(Length length) {
    this.length = length;
  }

  static List<Subject> subjects(Length length) {
    RetirePlan plan = new RetirePlan(length);
    Trials.FLAVOURS.forEach(plan::floods);
    plan.backlog(1);
    plan.backlog(2);
    Trials.FLAVOURS.forEach(plan::lone);
    return plan.subjects;
  }

  private void floods(String flavour) {
    flood(flavour, 1, new Anchor("6.2", "liburcu memb"), Target.atLeast(MILLIONS_PER_SECOND));
    flood(flavour, 2, new Anchor("261", "Java prototype"), Target.NONE);
  }

  private void flood(String flavour, int producers, Anchor anchor, Target target) {
    subjects.add(new Subject(
        "retire " + Trials.shortName(flavour) + " " + producers + "P",
        "queue, batch, run",
        trial(flavour, producers),
        Optional.empty(),
        Unit.MILLIONS_PER_SECOND,
        anchor,
        target));
  }

  private Trial trial(String flavour, int producers) {
    return new Trial(Retirement.class, "flood", producers,
        Map.of("flavour", flavour, "objects", String.valueOf(length.objects())));
  }

  private void backlog(int producers) {
    subjects.add(new Subject(
        "backlog epoch/mb " + producers + "P",
        "at most outstanding",
        trial(Trials.MEMBARRIER, producers),
        Optional.empty(),
        Unit.PEAK_THOUSANDS,
        Anchor.NONE,
        Target.atMost(producers * BACKLOG_THOUSANDS)));
  }

  private void lone(String flavour) {
    subjects.add(new Subject(
        "callback " + Trials.shortName(flavour) + " idle",
        "waking up, 100 us apart",
        new Trial(Retirement.class, "lone", 1, Map.of("flavour", flavour)),
        Optional.empty(),
        Unit.MICROS,
        new Anchor("10170", "liburcu memb"),
        Target.atMost(LATENCY_MICROS)));
  }
}
