package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.storm.StormReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of {@code src/test/asm} must print what QEMU's machine printed when they were built. */
class ProgramsTest {

  private static final int HARTS = 4;

  private static void assertPrintsWhatQemuPrints(String program, Guest.Result result) {
    assertNull(result.end().failure());
    assertEquals(Guest.expected(program), result.output());
    assertEquals(PowerSwitch.Reason.OFF, result.end().reason());
    assertEquals(0, result.end().status());
    assertEquals(0, result.memory().ramBlocks());
    assertEquals(result.reclaimed().retired(), result.reclaimed().reclaimed());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "arithmetic", "compressed", "memory", "atomics", "traps", "sv39", "interrupts", "contention", "ordering"
  })
  void aProgramPrintsWhatQemuPrints(String program) throws InterruptedException {
    assertPrintsWhatQemuPrints(program, Guest.run(program, HARTS, "qsbr", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "qsbr", "refcount"})
  void fourHartsCountRightInAStorm(String flavour) throws InterruptedException {
    Guest.Result result = Guest.run("contention", HARTS, flavour, 0L);
    assertPrintsWhatQemuPrints("contention", result);
    StormReport storm = result.storm();
    assertTrue(storm.commits() > 0, storm::toString);
    assertEquals(0, storm.stale(), storm::toString);
  }
}
