package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.storm.StormReport;
import io.flatview.rcu.contract.EachFlavour;
import org.junit.jupiter.params.ParameterizedTest;

/** A device copies memory through an IOMMU while the pages behind that are led elsewhere, and nothing goes astray. */
class DmaInStormTest {

  /** The guest is done soon, and a busy host may give the storm no time before. */
  private static final int MOST_RUNS = 20;

  private static final String EXPECTED = """
      device 00000000010000ed
      wrong 0000000000000000
      """;

  @ParameterizedTest
  @EachFlavour
  void everyWordArrives(String flavour) throws InterruptedException {
    long remaps = 0;
    for (int run = 0; remaps == 0 && run < MOST_RUNS; run++) {
      Guest.Result result = Guest.run("own-dma", 1, flavour, 0L, true);
      StormReport storm = result.storm();
      assertEquals(EXPECTED, result.output(), storm::toString);
      assertEquals(0, storm.stale(), storm::toString);
      remaps = storm.remaps();
    }
    assertTrue(remaps > 0, "the pages of devices stay where they are");
  }
}
