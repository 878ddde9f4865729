package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.CommandRun;
import io.flatview.examples.cli.Dumps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views alone are a map, too. */
class FlatCapturesTest {

  @TempDir private Path folder;

  static List<Path> views() {
    return Dumps.endingWith(".flat.txt");
  }

  private static TreeSet<List<String>> views(String text) {
    TreeSet<List<String>> views = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    for (String view : text.split("\n\n")) {
      views.add(view.lines().skip(1).sorted().toList());
    }
    return views;
  }

  @ParameterizedTest
  @MethodSource("views")
  void theViewsOfViewsAreThese(Path dump) {
    CommandRun run = CommandRun.of("mtree", "--strict", "--flat", dump);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(views(Dumps.read(dump).replaceAll(" (owner|parent):\\{.*", "")), views(run.out()));
  }

  @Test
  void aWholeSessionOnAPipeIsRead() {
    Path session = Dumps.folder("captures").resolve("session.flat.txt");
    assertEquals(0, CommandRun.of("mtree", "--flat", session).exitCode());
    assertTrue(CommandRun.of("mtree", "--explain", "10000000", session).out().contains("serial"));
    assertTrue(CommandRun.of("mtree", "--json", session).out().contains("\"name\": \"serial\""));
    assertTrue(CommandRun.of("draw", session).out().contains("serial"));
    assertEquals("no difference\n", CommandRun.of("mtree", session, "--diff", session).out());
  }

  @Test
  void whatNeedsTheTreeSaysSo() {
    CommandRun run = CommandRun.of("mtree", Dumps.folder("captures").resolve("session.flat.txt"));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("do not tell the tree") && run.err().contains("--flat"), run.err());
  }

  @Test
  void theFormOfQemu29IsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("old"), """
        address-space (flat view): memory
          0000000000000000-000000000009ffff (prio 0, ram): pc.ram
          00000000000c0000-00000000000c3fff (prio 0, rom): pc.ram @00000000000c0000

        address-space (flat view): ide
          No rendered FlatView for address space 'ide'

        """);
    CommandRun run = CommandRun.of("mtree", "--flat", file);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("  00000000000c0000-00000000000c3fff (prio 0, rom): pc.ram @00000000000c0000\n"),
        run.out());
    assertTrue(run.err().contains("/old:1: note: QEMU before 2.11"), run.err());
  }

  @Test
  void aViewThatIsCutOffIsNoted() throws IOException {
    Path file = Files.writeString(folder.resolve("cut"), """
         AS "memory", root: system
          0000000000000000-000000000009ffff (prio 0, ram): pc.ram
          00000000000c0000-00000000""");
    CommandRun run = CommandRun.of("mtree", "--flat", file);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("/cut:3: note: ends before it is complete"), run.err());
    assertTrue(run.err().contains("note: the root of this view is missing"), run.err());
  }

  @Test
  void rangesThatOverlapAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("overlap"), """
        FlatView #0
         AS "memory", root: system
         Root memory region: system
          0000000000000000-0000000000000fff (prio 0, ram): a
          0000000000000800-0000000000000fff (prio 0, ram): b

        """);
    CommandRun run = CommandRun.of("mtree", "--flat", file);
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("starts before the end of 0000000000000000-0000000000000fff"), run.err());
  }
}
