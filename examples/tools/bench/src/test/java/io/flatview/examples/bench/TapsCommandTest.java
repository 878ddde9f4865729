package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.TapsPlan;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, in this process. No figure is judged here. */
class TapsCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("taps", "--smoke").assertALineForEach(TapsPlan.subjects());
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(TapsPlan.subjects());
  }
}
