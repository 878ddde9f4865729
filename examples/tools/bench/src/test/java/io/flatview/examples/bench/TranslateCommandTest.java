package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.TranslatePlan;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, in this process, which verifies every checksum. No figure is judged here. */
class TranslateCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("translate", "--smoke").assertALineForEach(TranslatePlan.subjects());
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(TranslatePlan.subjects());
  }
}
