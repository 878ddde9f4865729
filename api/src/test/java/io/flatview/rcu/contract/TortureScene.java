package io.flatview.rcu.contract;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What the readers and updaters of an {@link AgeingTorture} share. */
final class TortureScene {

  private static final int LOOKS = 200;

  final ReclaimPolicy policy;
  final AtomicBoolean stop = new AtomicBoolean();

  /** Whose elements are retired. */
  final RcuReference<AgeingElement> retired;

  /** Whose elements are freed after a wait. */
  final RcuReference<AgeingElement> awaited;

  /** Whose elements are unlinked by actions. */
  final RcuReference<AgeingElement> chained;

  final LongAdder sections = new LongAdder();
  final LongAdder updates = new LongAdder();
  final LongAdder waits = new LongAdder();
  final LongAdder deaths = new LongAdder();
  private final LongAdder poisoned = new LongAdder();
  private final LongAdder unbuilt = new LongAdder();
  private final List<LongAdder> ages =
      Stream.generate(LongAdder::new).limit(AgeingElement.RECYCLED + 1).toList();

  TortureScene(ReclaimPolicy policy) {
    this.policy = policy;
    retired = new RcuReference<>(policy, linked());
    awaited = new RcuReference<>(policy, linked());
    chained = new RcuReference<>(policy, linked());
  }

  /** For a reader, inside a section: looks hard at an element that it took in the same section. */
  void check(AgeingElement element) {
    if (!element.isBuilt()) {
      unbuilt.increment();
    }
    if (!element.isIntact(LOOKS)) {
      poisoned.increment();
    }
    ages.get(Math.min(element.age(), AgeingElement.RECYCLED)).increment();
  }

  long violations() {
    return report(Duration.ZERO).violations();
  }

  TortureReport report(Duration elapsed) {
    return new TortureReport(
        elapsed, sections.sum(), updates.sum(), waits.sum(), deaths.sum(), ages.stream().map(LongAdder::sum).toList(),
        poisoned.sum(), unbuilt.sum());
  }

  private static AgeingElement linked() {
    AgeingElement element = new AgeingElement();
    element.fill(0);
    return element;
  }
}
