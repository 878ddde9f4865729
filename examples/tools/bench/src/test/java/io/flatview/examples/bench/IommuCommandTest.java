package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.IommuPlan;
import org.junit.jupiter.api.Test;

/** Runs every benchmark once, in this process. No figure is judged here. */
class IommuCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("iommu", "--smoke").assertALineForEach(IommuPlan.subjects());
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(IommuPlan.subjects());
  }
}
