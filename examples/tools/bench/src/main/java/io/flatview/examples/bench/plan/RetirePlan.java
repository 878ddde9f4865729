package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.Retirement;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From retire to reclaimed: how many, how many at most in between, how soon. */
final class RetirePlan {

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
    flood(flavour, 1, new Peer("6.2", "liburcu memb"));
    flood(flavour, 2, Peer.NONE);
  }

  private void flood(String flavour, int producers, Peer peer) {
    subjects.add(new Subject(
        "retire " + Trials.shortName(flavour) + " " + producers + "P",
        "queue, batch, run",
        trial(flavour, producers),
        Optional.empty(),
        Unit.MILLIONS_PER_SECOND,
        peer));
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
        Peer.NONE));
  }

  private void lone(String flavour) {
    subjects.add(new Subject(
        "callback " + Trials.shortName(flavour) + " idle",
        "waking up, 100 us apart",
        new Trial(Retirement.class, "lone", 1, Map.of("flavour", flavour)),
        Optional.empty(),
        Unit.MICROS,
        new Peer("10170", "liburcu memb")));
  }
}
