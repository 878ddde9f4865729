package io.flatview.rcu.contract;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** What the readers and updaters of an {@link AgeingTorture} share. */
final class TortureScene {

  final ReclaimPolicy policy;
  final AtomicBoolean stop = new AtomicBoolean();

  /** Whose elements are retired. */
  final RcuReference<AgeingElement> retired = new RcuReference<>(linked());

  /** Whose elements are freed after a wait. */
  final RcuReference<AgeingElement> awaited = new RcuReference<>(linked());

  /** Whose elements are unlinked by actions. */
  final RcuReference<AgeingElement> chained = new RcuReference<>(linked());

  final LongAdder sections = new LongAdder();
  final LongAdder updates = new LongAdder();
  final LongAdder waits = new LongAdder();
  final LongAdder young = new LongAdder();
  final LongAdder old = new LongAdder();
  final LongAdder poisoned = new LongAdder();

  TortureScene(ReclaimPolicy policy) {
    this.policy = policy;
  }

  TortureReport report() {
    return new TortureReport(
        sections.sum(), updates.sum(), waits.sum(), young.sum(), old.sum(), poisoned.sum());
  }

  private static AgeingElement linked() {
    AgeingElement element = new AgeingElement();
    element.fill(0);
    return element;
  }
}
