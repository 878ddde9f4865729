package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Frame;
import io.flatview.examples.cli.demo.oracle.Ledger;
import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Points;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.util.SplittableRandom;

/**
 * A listener that reads while it is called: it must see the old map in {@code begin} and the new one in {@code commit}.
 */
final class Witness implements MemoryListener {

  private static final int LOADS = 4;

  private final MemorySystem memory;
  private final Ledger ledger;
  private final Findings findings;
  private final Points points;
  private final SplittableRandom random;

  Witness(MemorySystem memory, Ledger ledger, Findings findings, Points points, SplittableRandom random) {
    this.memory = memory;
    this.ledger = ledger;
    this.findings = findings;
    this.points = points;
    this.random = random;
  }

  @Override
  public void begin(MapChange change) {
    expect(ledger.frame(ledger.settled()), "begin");
  }

  @Override
  public void commit(MapChange change) {
    expect(ledger.frame(ledger.announced()), "commit");
  }

  private void expect(Frame frame, String callback) {
    try (ReadSection _ = memory.reader().enter()) {
      for (int i = 0; i < LOADS; i++) {
        expect(frame, random.nextInt(points.count()), callback);
      }
    }
  }

  private void expect(Frame frame, int point, String callback) {
    long word = points.load(memory.reader(), point);
    if (word != frame.expected(point)) {
      findings.add(FindingKind.LISTENER, () -> new Finding(
          FindingKind.LISTENER,
          "the listener in " + callback + " of commit " + frame.number(),
          points.describe(point) + ": expected " + Stamp.describe(frame.expected(point)) + ", saw "
              + Stamp.describe(word)));
    }
  }
}
