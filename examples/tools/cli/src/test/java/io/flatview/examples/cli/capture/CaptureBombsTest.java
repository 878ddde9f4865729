package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flatview.examples.cli.CommandRun;
import io.flatview.examples.cli.dump.Effort;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.rcu.contract.CpuTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small texts that would take for ever, if anything in the way of a map were worse than linear. */
class CaptureBombsTest {

  private static final String SYSTEM =
      "address-space: memory\n  0000000000000000-ffffffffffffffff (prio 0, i/o): system\n";

  /** Many times what they take; what was quadratic took minutes. */
  private static final double SECONDS = 20;

  @TempDir private Path folder;

  private CommandRun flat(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("bomb"), text);
    long before = CpuTime.here();
    CommandRun run = CommandRun.of("mtree", "--flat", file);
    double seconds = (CpuTime.here() - before) / 1e9;
    assertTrue(seconds < SECONDS, seconds + " s");
    return run;
  }

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
  }

  private static String range(long first, long last) {
    return "%016x-%016x".formatted(first, last);
  }

  @Test
  void manyTargetsOfOneName() throws IOException {
    String target = "memory-region: x\n  " + range(0, 0xfff) + " (prio 0, ram): x\n\n";
    assertEquals(0, flat(SYSTEM + "\n" + target.repeat(20_000)).exitCode());
    assertEquals(0, flat(SYSTEM + lines(2_500, i -> "    " + range(i * 4096L, i * 4096L + 4095)
        + " (prio 0, ram): alias a @x " + range(0, 0xfff) + "\n") + "\n" + target.repeat(2_500)).exitCode());
    assertEquals(0, flat(SYSTEM + lines(8_000, i -> "    " + range(0, 0xfff) + " (prio " + i + ", ram): x\n") + "\n"
        + target.repeat(8_000)).exitCode());
  }

  @Test
  void tooManyTargetsOfOneNameAreRefusedWithTheOptionThatRaisesTheLimit() throws IOException {
    String target = "memory-region: x\n  " + range(0, 0xfff) + " (prio 0, ram): x\n\n";
    CommandRun run = flat(SYSTEM + lines(4_000, i -> "    " + range(i * 4096L, i * 4096L + 4095)
        + " (prio 0, ram): alias a @x " + range(0, 0xfff) + "\n") + "\n" + target.repeat(4_000));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("too many to tell apart; " + Effort.CURE), run.err());
  }

  @Test
  void siblingsInSiblings() throws IOException {
    int count = 20_000;
    assertEquals(0, flat(SYSTEM
        + lines(count, i -> "    " + range(i, 4L * count - i) + " (prio " + i + ", i/o): s" + i + "\n")).exitCode());
  }

  @Test
  void aliasesThatDoubleAreRefusedWithTheOptionThatRaisesTheLimit() throws IOException {
    StringBuilder text = new StringBuilder(SYSTEM);
    int levels = 20;
    text.append("    ").append(range(0, (2L << levels) - 1)).append(" (prio 0, i/o): alias top @l").append(levels)
        .append(' ').append(range(0, (2L << levels) - 1)).append("\n\n");
    for (int level = levels; level > 0; level--) {
      long half = 1L << level;
      text.append("memory-region: l").append(level).append("\n  ").append(range(0, 2 * half - 1))
          .append(" (prio 0, i/o): l").append(level).append('\n');
      for (int side = 0; side < 2; side++) {
        text.append("    ").append(range(side * half, side * half + half - 1)).append(" (prio 0, i/o): alias a @l")
            .append(level - 1).append(' ').append(range(0, half - 1)).append('\n');
      }
      text.append('\n');
    }
    text.append("memory-region: l0\n  ").append(range(0, 1)).append(" (prio 0, i/o): l0\n    ").append(range(0, 0))
        .append(" (prio 0, i/o): cell\n\n");
    CommandRun run = flat(text.toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("VIEW_TOO_LARGE") && run.err().contains(Effort.CURE), run.err());
  }

  @Test
  void manySpacesAndManyViews() throws IOException {
    assertEquals(0, flat(lines(5_000, i -> SYSTEM.replace("memory", "s" + i) + "\n")).exitCode());
    assertEquals(0, flat(lines(5_000, i -> "FlatView #" + i + "\n AS \"a" + i + "\", root: r\n"
        + " Root memory region: r\n  " + range(0, 0xfff) + " (prio 0, ram): x" + i + "\n\n")).exitCode());
  }

  @Test
  void whatIsNoMapAtAllIsRefusedSoon() throws IOException {
    for (String text : new String[] {
        "=\n".repeat(300_000), ("a".repeat(75) + "=\n").repeat(12_000), "<p>".repeat(300_000),
        "\u001b[9999C".repeat(90_000),
        "{\"return\": \"" + "\\n".repeat(400_000), "\"return\": \"".repeat(80_000), "&lt;".repeat(200_000),
        ("  " + "0".repeat(16) + "-0000\n").repeat(30_000), "\t".repeat(500_000), "[{(".repeat(300_000),
        "\u00e9".repeat(400_000),
        ("[".repeat(180) + range(0, 0xfff) + " (prio 0, i/o): x\n").repeat(4_000)}) {
      CommandRun run = flat(text);
      assertTrue(run.exitCode() == 0 || run.exitCode() == 1, run.err());
    }
  }

  @Test
  void aMillionLinesTakeMemoryInProportion() {
    String text = SYSTEM
        + lines(100_000, i -> "    " + range(i * 4096L, i * 4096L + 4095) + " (prio 0, i/o): dev\n") + "\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ThreadMXBean memory =
        (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    assertEquals(100_001, MachineLoader.read("large", bytes, new Notes()).description().regions().size());
    long each = (memory.getCurrentThreadAllocatedBytes() - before) / 100_000;
    assertTrue(each < 12_000, each + " bytes a line, most of them garbage");
  }
}
