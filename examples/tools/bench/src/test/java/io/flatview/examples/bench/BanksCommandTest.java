package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.BanksPlan;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, in this process. No figure is judged here. */
class BanksCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("banks", "--smoke").assertALineForEach(BanksPlan.subjects());
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(BanksPlan.subjects());
  }
}
