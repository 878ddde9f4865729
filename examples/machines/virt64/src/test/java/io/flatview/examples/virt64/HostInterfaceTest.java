package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.virt64.device.PowerSwitch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that report through {@code tohost}. */
class HostInterfaceTest {

  @ParameterizedTest
  @CsvSource({"tohost-pass, 0", "tohost-fail, 5"})
  void aTestPrintsAndReports(String program, int status) throws InterruptedException {
    Guest.Result result = Guest.run(program, 2, "epoch", null);
    assertEquals(PowerSwitch.Reason.OFF, result.end().reason());
    assertEquals(status, result.end().status());
    assertEquals("seen!", result.output());
  }
}
