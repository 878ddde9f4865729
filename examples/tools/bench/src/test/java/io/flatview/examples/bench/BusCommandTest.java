package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.BusPlan;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, in this process. No figure is judged here. */
class BusCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("bus", "--smoke").assertALineForEach(BusPlan.subjects());
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(BusPlan.subjects());
  }
}
