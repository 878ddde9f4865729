package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.storm.StormReport;
import io.flatview.rcu.contract.EachFlavour;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of {@code src/test/asm} must print what QEMU's machine printed when they were built. */
class ProgramsTest {

  private static final int HARTS = 4;

  /** The guest is done soon, and a busy host may give the storm no time before. */
  private static final int MOST_RUNS = 20;

  private static final int DISK_BYTES = 64 << 10;
  private static final int WRITTEN = 1024;

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
    "arithmetic", "compressed", "memory", "atomics", "traps", "sv39", "interrupts", "contention", "ordering",
    "pci-windows", "device-atomics", "transmitter"
  })
  void aProgramPrintsWhatQemuPrints(String program) throws InterruptedException {
    assertPrintsWhatQemuPrints(program, Guest.run(program, HARTS, "qsbr", null));
  }

  @Test
  void aKernelDrivesTimersAndADisk(@TempDir Path folder) throws Exception {
    Path disk = Files.write(folder.resolve("disk"), new byte[DISK_BYTES]);
    assertPrintsWhatQemuPrints("disk-kernel", Guest.runWithDisk("disk-kernel", HARTS, "epoch", disk));
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(disk)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, content.getLong(WRITTEN - Long.BYTES));
    assertEquals(0x123456789abcdefL, content.getLong(WRITTEN));
    assertEquals(0x123456789abcdefL + 127 * 0x777, content.getLong(2 * WRITTEN - Long.BYTES));
    assertEquals(0, content.getLong(2 * WRITTEN));
  }

  @ParameterizedTest
  @EachFlavour
  void aDiskAnswersWhateverADriverGetsWrongAsQemuDoes(String flavour, @TempDir Path folder) throws Exception {
    Path disk = Files.write(folder.resolve("disk"), new byte[DISK_BYTES]);
    assertPrintsWhatQemuPrints("disk-abuse", Guest.runWithDisk("disk-abuse", HARTS, flavour, disk));
  }

  @ParameterizedTest
  @EachFlavour
  void fourHartsCountRightInAStorm(String flavour) throws InterruptedException {
    long commits = 0;
    for (int run = 0; commits == 0 && run < MOST_RUNS; run++) {
      Guest.Result result = Guest.run("contention", HARTS, flavour, 0L);
      assertPrintsWhatQemuPrints("contention", result);
      StormReport storm = result.storm();
      assertEquals(0, storm.stale(), storm::toString);
      commits = storm.commits();
    }
    assertTrue(commits > 0, "the map stays as it is");
  }
}
