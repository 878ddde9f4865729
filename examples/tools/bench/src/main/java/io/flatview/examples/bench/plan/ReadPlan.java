package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.ArenaBaselines;
import io.flatview.examples.bench.rcu.BareSlot;
import io.flatview.examples.bench.rcu.ReadBaselines;
import io.flatview.examples.bench.rcu.ReadSections;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Anchor;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Target;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections and what else protects a read, with one thread and with two. */
final class ReadPlan {

  private static final String LIBURCU_BP = "liburcu bp";
  private static final String LIBURCU_QSBR = "liburcu qsbr";
  private static final String PROTOTYPE = "Java prototype";

  private static final double QSBR_RATIO = 1.0;
  private static final double EPOCH_RATIO = 2.0;
  private static final double IMPLICIT_EPOCH_RATIO = 4.0;
  private static final double REFCOUNT_RATIO = 7.0;

  private final List<Subject> subjects = new ArrayList<>();

  private ReadPlan() {}

  static List<Subject> subjects() {
    ReadPlan plan = new ReadPlan();
    plan.baselines();
    plan.arenas();
    plan.explicitSections();
    plan.implicitSections();
    return plan.subjects;
  }

  private void baselines() {
    baseline("volatileRead", "plain volatile read", "nothing: the base", "0.65", "0.65");
    baseline("acquireRead", "plain acquire read", "a reference, no section", "0.69", "0.66");
    both(ReadSections.class, "unprotected", Map.of("flavour", Trials.MEMBARRIER),
        new Words("RcuReference, no section", "checks that are off", PROTOTYPE, "0.69", "0.66"), Target.NO_BYTES);
    bare("epoch", "bare epoch slot", "the floor of epoch");
    bare("nestingEpoch", "bare nesting epoch slot", "the floor, with a count");
    bare("exchange", "bare exchange", "the floor of refcount");
    baseline("stampedOptimistic", "StampedLock optimistic", "a stamp, no free", "1.26", "1.18");
    baseline("stampedRead", "StampedLock read", "CAS on a shared word", "5.90", "24.3");
    baseline("readWriteLock", "ReentrantReadWriteLock", "CAS, a count per thread", "8.11", "61.6");
    baseline("sharedCount", "one AtomicLong count", "two RMW, shared line", "5.82", "32.8");
  }

  private void baseline(String method, String name, String isolates, String one, String two) {
    both(ReadBaselines.class, method, Map.of(), new Words(name, isolates, PROTOTYPE, one, two), Target.NONE);
  }

  private void bare(String method, String name, String isolates) {
    both(BareSlot.class, method, Map.of(), new Words(name, isolates, "", "", ""), Target.NONE);
  }

  private void arenas() {
    both(ArenaBaselines.class, "access", Map.of(),
        new Words("Arena.ofShared access", "liveness, bounds checks", "", "", ""), Target.NONE);
    both(ArenaBaselines.class, "openAndClose", Map.of(),
        new Words("Arena.ofShared open+close", "a handshake per lifetime", PROTOTYPE, "42000", ""), Target.NONE);
  }

  private void explicitSections() {
    section("explicit", Trials.MEMBARRIER, new Words("", "a store and a load", "liburcu memb", "1.20", "1.57"),
        Target.ratioAtMost(EPOCH_RATIO));
    section("explicit", Trials.FULL_FENCE, new Words("", "the same, a full fence", "C, lock add", "2.08", "2.31"),
        Target.NO_BYTES);
    section("explicit", Trials.QSBR_UNCOUNTED, new Words("", "nothing at all", LIBURCU_QSBR, "0.29", "0.45"),
        Target.ratioAtMost(QSBR_RATIO));
    section("explicit", Trials.QSBR, new Words("", "the nesting count", "", "", ""), Target.NO_BYTES);
    section("announced", Trials.QSBR, new Words("", "a quiescent state each", LIBURCU_QSBR, "1.13", "2.04"),
        Target.NO_BYTES);
    section("explicit", Trials.REFCOUNT, new Words("", "an RMW, own stripe", "C, two xadd", "3.80", "3.78"),
        Target.ratioAtMost(REFCOUNT_RATIO));
  }

  private void implicitSections() {
    section("implicit", Trials.MEMBARRIER, new Words("", "finding the reader", LIBURCU_BP, "1.89", "2.09"),
        Target.ratioAtMost(IMPLICIT_EPOCH_RATIO));
    section("implicit", Trials.FULL_FENCE, new Words("", "the same, a full fence", "crossbeam", "3.34", "4.87"),
        Target.NO_BYTES);
    section("implicit", Trials.QSBR, new Words("", "online in sections only", "", "", ""), Target.NO_BYTES);
    section("implicit", Trials.REFCOUNT, new Words("", "finding the reader", PROTOTYPE, "4.83", "5.32"),
        Target.ratioAtMost(REFCOUNT_RATIO));
  }

  private void section(String method, String flavour, Words words, Target target) {
    String name = Trials.shortName(flavour) + " " + method;
    both(ReadSections.class, method, Map.of("flavour", flavour), words.named(name), target);
  }

  private void both(Class<?> type, String method, Map<String, String> parameters, Words words, Target target) {
    for (int threads = 1; threads <= 2; threads++) {
      subjects.add(new Subject(
          words.name + " " + threads + "T",
          words.isolates,
          new Trial(type, method, threads, parameters),
          Optional.of(Trials.volatileRead(threads)),
          Unit.NANOS,
          words.anchor(threads),
          target));
    }
  }

  /** What stands in the lines of one thread and of two. */
  private record Words(String name, String isolates, String source, String one, String two) {

    Words named(String other) {
      return new Words(other, isolates, source, one, two);
    }

    Anchor anchor(int threads) {
      String figure = threads == 1 ? one : two;
      return figure.isEmpty() ? Anchor.NONE : new Anchor(figure, source);
    }
  }
}
