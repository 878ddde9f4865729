package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.rcu.contract.EachFlavour;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A guest's driver programs the IOMMU: it copies through its tables, takes a fault as an interrupt and answers it, has
 * a device's message become an interrupt of the hart, and another wait in memory.
 */
class IommuDriverTest {

  private static final String EXPECTED = """
      version 0000000000000010
      read 0000000000001000
      written 0000000000001000
      wrong 0000000000000000
      refused 0000000000000000
      interrupt 800000000000000b
      claimed 0000000000000024
      record 0000080c0000000f
      iova 0000000010002008
      and then 0000000000000008
      difference 0000000000000000
      read-only 0000000000000000
      interrupt 800000000000000b
      record 0000080c0000000f
      message 0000000000000004
      interrupt 8000000000000003
      message 0000000000000004
      pending 0000000000000080
      notice 0000000000000005
      leads to 0000000020104400
      its own message 0000000000000077
      status 0000000000010403
      """;

  @ParameterizedTest
  @EachFlavour
  void theDriverDoesItsWork(String flavour) throws InterruptedException {
    Guest.Result result = Guest.run("own-iommu", 1, flavour, null, true);
    assertNull(result.end().failure());
    assertEquals(EXPECTED, result.output());
    assertEquals(PowerSwitch.Reason.OFF, result.end().reason());
  }
}
