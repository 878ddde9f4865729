package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.rcu.ArenaBaselines;
import io.flatview.examples.bench.rcu.BareSlot;
import io.flatview.examples.bench.rcu.ReadBaselines;
import io.flatview.examples.bench.rcu.ReadSections;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sections and what else protects a read, with one thread and with two. */
final class ReadPlan {

  private static final String LIBURCU_BP = "liburcu bp";
  private static final String LIBURCU_QSBR = "liburcu qsbr";

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
    baseline("volatileRead", "plain volatile read", "nothing: the base");
    baseline("acquireRead", "plain acquire read", "a reference, no section");
    both(ReadSections.class, "unprotected", Map.of("flavour", Trials.MEMBARRIER),
        Words.alone("RcuReference, no section", "checks that are off"));
    bare("epoch", "bare epoch slot", "the floor of epoch");
    bare("nestingEpoch", "bare nesting epoch slot", "the floor, with a count");
    bare("exchange", "bare exchange", "the floor of refcount");
    baseline("stampedOptimistic", "StampedLock optimistic", "a stamp, no free");
    baseline("stampedRead", "StampedLock read", "CAS on a shared word");
    baseline("readWriteLock", "ReentrantReadWriteLock", "CAS, a count per thread");
    baseline("sharedCount", "one AtomicLong count", "two RMW, shared line");
  }

  private void baseline(String method, String name, String isolates) {
    both(ReadBaselines.class, method, Map.of(), Words.alone(name, isolates));
  }

  private void bare(String method, String name, String isolates) {
    both(BareSlot.class, method, Map.of(), Words.alone(name, isolates));
  }

  private void arenas() {
    both(ArenaBaselines.class, "access", Map.of(),
        Words.alone("Arena.ofShared access", "liveness, bounds checks"));
    both(ArenaBaselines.class, "openAndClose", Map.of(),
        Words.alone("Arena.ofShared open+close", "a handshake per lifetime"));
  }

  private void explicitSections() {
    section("explicit", Trials.MEMBARRIER, new Words("", "a store and a load", "liburcu memb", "1.20", "1.57"));
    section("explicit", Trials.FULL_FENCE, new Words("", "the same, a full fence", "C, lock add", "2.08", "2.31"));
    section("explicit", Trials.QSBR_UNCOUNTED, new Words("", "nothing at all", LIBURCU_QSBR, "0.29", "0.45"));
    section("explicit", Trials.QSBR, Words.alone("", "the nesting count"));
    section("announced", Trials.QSBR, new Words("", "a quiescent state each", LIBURCU_QSBR, "1.13", "2.04"));
    section("explicit", Trials.REFCOUNT, new Words("", "an RMW, own stripe", "C, two xadd", "3.80", "3.78"));
  }

  private void implicitSections() {
    section("implicit", Trials.MEMBARRIER, new Words("", "finding the reader", LIBURCU_BP, "1.89", "2.09"));
    section("implicit", Trials.FULL_FENCE, new Words("", "the same, a full fence", "crossbeam", "3.34", "4.87"));
    section("implicit", Trials.QSBR, Words.alone("", "online in sections only"));
    section("implicit", Trials.REFCOUNT, Words.alone("", "finding the reader"));
  }

  private void section(String method, String flavour, Words words) {
    String name = Trials.shortName(flavour) + " " + method;
    both(ReadSections.class, method, Map.of("flavour", flavour), words.named(name));
  }

  private void both(Class<?> type, String method, Map<String, String> parameters, Words words) {
    for (int threads = 1; threads <= 2; threads++) {
      subjects.add(new Subject(
          words.name + " " + threads + "T",
          words.isolates,
          new Trial(type, method, threads, parameters),
          Optional.of(Trials.volatileRead(threads)),
          Unit.NANOS,
          words.peer(threads)));
    }
  }

  /** The columns in the lines of one thread and of two. */
  private record Words(String name, String isolates, String source, String one, String two) {

    static Words alone(String name, String isolates) {
      return new Words(name, isolates, "", "", "");
    }

    Words named(String other) {
      return new Words(other, isolates, source, one, two);
    }

    Peer peer(int threads) {
      String figure = threads == 1 ? one : two;
      return figure.isEmpty() ? Peer.NONE : new Peer(figure, source);
    }
  }
}
