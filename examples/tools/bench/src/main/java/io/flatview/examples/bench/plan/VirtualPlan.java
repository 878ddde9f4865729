package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.ShortThreads;
import io.flatview.examples.bench.rcu.VirtualLocks;
import io.flatview.examples.bench.rcu.VirtualSections;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections of ten thousand virtual threads, sixteen to a yield, and of one for each request. */
final class VirtualPlan {

  private final Length length;
  private final List<Subject> subjects = new ArrayList<>();

  private VirtualPlan(Length length) {
    this.length = length;
  }

  static List<Subject> subjects(Length length) {
    VirtualPlan plan = new VirtualPlan(length);
    plan.flavour(Trials.MEMBARRIER);
    plan.flavour(Trials.REFCOUNT);
    plan.lock(false);
    plan.lock(true);
    plan.requests();
    return plan.subjects;
  }

  private void flavour(String flavour) {
    String name = "virtual " + Trials.shortName(flavour);
    add(name + " explicit", "own reader, yield after 16", trial(flavour, true, false));
    add(name + " implicit", "finding the reader", trial(flavour, false, false));
    add(name + " yields", "yield inside 1 of 16", trial(flavour, true, true));
  }

  private Trial trial(String flavour, boolean explicit, boolean yieldInside) {
    Map<String, String> parameters = new HashMap<>(crowd(yieldInside));
    parameters.put("flavour", flavour);
    parameters.put("explicit", String.valueOf(explicit));
    return new Trial(VirtualSections.class, "sections", 1, parameters);
  }

  private Map<String, String> crowd(boolean yieldInside) {
    return Map.of("rounds", String.valueOf(length.rounds()), "yieldInside", String.valueOf(yieldInside));
  }

  private void lock(boolean yieldInside) {
    add("virtual read lock" + (yieldInside ? " yields" : ""), "ReentrantReadWriteLock",
        new Trial(VirtualLocks.class, "sections", 1, crowd(yieldInside)));
  }

  private void requests() {
    Trial counted = new Trial(ShortThreads.class, "counted", 1, Map.of());
    request("short virtual count", "a thread, 8 counted reads", counted, counted);
    for (String flavour : List.of(Trials.MEMBARRIER, Trials.REFCOUNT)) {
      for (String reader : List.of("registered", "implicit")) {
        request("short virtual " + Trials.shortName(flavour) + " " + reader, "a thread, a reader, 8 sections",
            new Trial(ShortThreads.class, reader, 1, Map.of("flavour", flavour)), counted);
      }
    }
  }

  private void request(String name, String isolates, Trial trial, Trial base) {
    subjects.add(new Subject(name, isolates, trial, Optional.of(base), Unit.NANOS, Peer.NONE));
  }

  private void add(String name, String isolates, Trial trial) {
    subjects.add(new Subject(name, isolates, trial, Optional.of(Trials.volatileRead(1)), Unit.CORE_NANOS,
        Peer.NONE));
  }
}
