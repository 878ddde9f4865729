package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.console.ConsoleInput;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debian's OpenSBI and U-Boot, where they are installed. */
class FirmwareTest {

  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String SCRIPT = "\npci bar 0.2.0\nvirtio read 81000000 1 1\nmd.b 81000000 10\npoweroff\n";
  private static final String CONTENT = "sector-number-one";

  @TempDir
  private Path folder;

  @BeforeEach
  void firmwareMustBeInstalled() {
    assumeTrue(Firmware.isInstalled(), "skipped: install Debian's packages opensbi and u-boot-qemu to boot them here");
  }

  private Path disk() throws Exception {
    byte[] content = new byte[1 << 20];
    byte[] text = CONTENT.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, content, 512, text.length);
    return Files.write(folder.resolve("disk.img"), content);
  }

  @ParameterizedTest
  @CsvSource({"1, epoch, false, false, false", "2, qsbr, true, true, true", "4, refcount, true, false, true"})
  void uBootFindsItsDevices(int harts, String flavour, boolean modern, boolean iommu, boolean stormy)
      throws Exception {
    Firmware firmware = Firmware.choose(null, null);
    BoardOptions options =
        new BoardOptions(harts, 128L << 20, firmware.bios(), firmware.kernel(), null, disk(), "", modern, iommu);
    StringBuffer output = new StringBuffer();
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        Board board = new Board(options, policy, value -> output.append((char) value))) {
      new ConsoleInput(
          new ByteArrayInputStream(SCRIPT.getBytes(StandardCharsets.US_ASCII)), true).connect(board);
      PowerSwitch.End end = stormy ? runInStorm(board) : board.run(LIMIT);
      assertEquals(PowerSwitch.Reason.OFF, end.reason(), output::toString);
    }
    assertPrinted(output, "Platform HART Count       : " + harts);
    assertPrinted(output, "U-Boot ");
    assertPrinted(output, "0x0000000041000000  0x0000000001000000  64     MEM   Prefetchable");
    assertPrinted(output, CONTENT.substring(0, 16));
  }

  private static PowerSwitch.End runInStorm(Board board) throws InterruptedException {
    Storm storm = board.storm(StormPlan.all(2_000));
    Thread thread = Thread.ofPlatform().name("storm").start(storm);
    try {
      return board.run(LIMIT);
    } finally {
      storm.stop();
      thread.join();
      assertEquals(0, storm.report().stale(), () -> storm.report().toString());
    }
  }

  private static void assertPrinted(StringBuffer output, String text) {
    assertTrue(output.indexOf(text) >= 0, () -> "'" + text + "' is missing in: " + output);
  }
}
