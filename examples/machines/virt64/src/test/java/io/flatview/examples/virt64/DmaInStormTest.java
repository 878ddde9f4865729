package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.storm.StormReport;
import io.flatview.rcu.contract.EachFlavour;
import org.junit.jupiter.params.ParameterizedTest;

/** A device copies memory through an IOMMU while the pages behind that are led elsewhere, and nothing goes astray. */
class DmaInStormTest {

  private static final String EXPECTED = """
      device 00000000010000ed
      wrong 0000000000000000
      """;

  @ParameterizedTest
  @EachFlavour
  void everyWordArrives(String flavour) throws InterruptedException {
    Guest.Result result = Guest.run("own-dma", 1, flavour, 0L, true);
    StormReport storm = result.storm();
    assertEquals(EXPECTED, result.output(), storm::toString);
    assertEquals(0, storm.stale(), storm::toString);
    assertTrue(storm.remaps() > 0, storm::toString);
  }
}
