package io.flatview.examples.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.CommandRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Present parts are read, and missing ones are reported with their lines; strictly, the text is refused. */
class PartialCapturesTest {

  private static final String FULL = "0000000000000000-ffffffffffffffff";

  @TempDir private Path folder;

  private CommandRun read(String text, Object... options) throws IOException {
    Path file = Files.writeString(folder.resolve("map"), text);
    Object[] arguments = new Object[options.length + 2];
    arguments[0] = "mtree";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = file;
    return CommandRun.of(arguments);
  }

  private String noted(String text, String... notes) throws IOException {
    CommandRun run = read(text);
    assertEquals(0, run.exitCode(), run.err());
    for (String note : notes) {
      assertTrue(run.err().contains("/map:" + note), run.err());
    }
    CommandRun strict = read(text, "--strict");
    assertEquals(1, strict.exitCode(), strict.out());
    assertEquals("", strict.out());
    return run.out();
  }

  @Test
  void aMapThatIsCutOffWithinALineLosesThatLine() throws IOException {
    String cut = Forms.CLEAN.substring(0, Forms.CLEAN.indexOf("fwcfg.ctl") - 20);
    String out = noted(cut, "23: note: ends before it is complete; the line is left out");
    assertEquals(22, out.lines().filter(line -> !line.isEmpty()).count(), out);
  }

  @Test
  void anElisionIsToldByItsLine() throws IOException {
    String out = noted(Forms.CLEAN.replaceFirst("    0000000010001000.*\n", "    ...\n"),
        "14: note: lines were left out here");
    assertTrue(out.contains("0000000010002000"), out);
  }

  @Test
  void anAliasWhoseTargetIsMissingLeadsNowhere() throws IOException {
    String trees = Forms.CLEAN.substring(0, Forms.CLEAN.indexOf("memory-region:"));
    String out = noted(trees, "27: note: there is no 'memory-region: pcie-mmcfg-mmio'",
        "28: note: there is no 'memory-region: gpex_mmio_window', which this alias shows; assumed a container");
    assertTrue(out.startsWith(trees), out);
    CommandRun explained = read(trees, "--explain", "30000000");
    assertTrue(explained.out().contains("is a hole: no region answers"), explained.out());
  }

  @Test
  void aTargetThatStandsElsewhereInTheTextIsTakenFromThere() throws IOException {
    String out = noted("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000000000-0000000000000fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff
            0000000080000000-00000000800fffff (prio 0, ram): ram

        """.formatted(FULL), "3: note: there is no 'memory-region: ram', which this alias shows; taken from line 4");
    assertTrue(out.contains("memory-region: ram\n  0000000080000000-00000000800fffff (prio 0, ram): ram\n"), out);
  }

  @Test
  void linesWithoutAHeadingAndARootGetBoth() throws IOException {
    String lines = Forms.CLEAN.substring(0, Forms.CLEAN.indexOf("\n\n") + 1).lines()
        .filter(line -> line.startsWith("    ")).reduce("", (text, line) -> text + line + "\n");
    String out = noted(lines, "1: note: no heading stands before this tree; taken for an address-space 'memory'",
        "1: note: the root of this tree is missing; assumed a container 'memory'");
    assertTrue(
        out.startsWith("address-space: memory\n  " + FULL + " (prio 0, i/o): memory\n    0000000000001000"), out);
  }

  @Test
  void aDumpOfBefore29KeepsItsTypesSinceTheyDoNotTellWhatAnswers() throws IOException {
    String old = Forms.CLEAN.replaceAll("(i/o|ram)\\):", "RW):").replaceAll("(rom|romd)\\):", "R-):");
    assertEquals(old, noted(old, "3: note: QEMU before 2.9 does not tell what answers"));
  }

  @Test
  void bareNamesAreTheHeadingsOfQemu1() throws IOException {
    String out = noted("""
        (qemu) info mtree
        memory
        0000000000000000-7ffffffffffffffe (prio 0, RW): system
          0000000000000000-0000000007ffffff (prio 0, RW): alias ram-below-4g @pc.ram 0000000000000000-0000000007ffffff
          00000000fec00000-00000000fec00fff (prio 0, RW): ioapic
        I/O
        0000000000000000-000000000000ffff (prio 0, RW): io
        aliases
        pc.ram
        0000000000000000-0000000007ffffff (prio 0, RW): pc.ram
        (qemu)
        """, "3: note: QEMU before 2.9");
    assertEquals("""
        address-space: memory
          0000000000000000-7ffffffffffffffe (prio 0, RW): system
            0000000000000000-0000000007ffffff (prio 0, RW): alias ram-below-4g @pc.ram 0000000000000000-0000000007ffffff
            00000000fec00000-00000000fec00fff (prio 0, RW): ioapic

        address-space: I/O
          0000000000000000-000000000000ffff (prio 0, RW): io

        memory-region: pc.ram
          0000000000000000-0000000007ffffff (prio 0, RW): pc.ram

        """, out);
  }

  @Test
  void addressesMayHaveEightDigits() throws IOException {
    String out = noted("""
        memory
        00000000-ffffffff (prio 0, RW): system
          10000000-10000fff (prio 0, RW): sysreg
        """, "2: note: QEMU before 2.9");
    assertTrue(out.contains("    0000000010000000-0000000010000fff (prio 0, RW): sysreg\n"), out);
  }

  @Test
  void aTypeThatIsNotKnownIsTakenForIo() throws IOException {
    assertTrue(noted(Forms.CLEAN.replace("(prio 0, i/o): serial", "(prio 0, quantum): serial"),
        "13: note: 'quantum' is no type of region").contains("(prio 0, i/o): serial"));
  }

  @Test
  void anAliasWithSomethingBehindItIsNeverMemoryOfThatName() throws IOException {
    for (String behind : new String[] {" x", "  # x", ")", " [x]", " 0000000000000000-0000000000000fff", "\t!"}) {
      String out = noted("""
          address-space: memory
            %s (prio 0, i/o): system
              0000000000001000-0000000000001fff (prio 0, ram): alias low @ram 0000000000000000-0000000000000fff%s

          memory-region: ram
            0000000000000000-000000000000ffff (prio 0, ram): ram

          """.formatted(FULL, behind), "3: note: left out what stands behind");
      assertTrue(out.contains("    0000000000001000-0000000000001fff (prio 0, ram): alias low @ram"
          + " 0000000000000000-0000000000000fff\n"), out);
    }
    String cut = noted("""
        address-space: memory
          %s (prio 0, i/o): system
            0000000000001000-0000000000001fff (prio 0, ram): alias low @ram 0000000000000000-0000000

        """.formatted(FULL), "3: note: ends before it is complete");
    assertFalse(cut.contains("alias"), cut);
  }

  @Test
  void aRegionThatReachesBeyondTheLastAddressIsCutOffThere() throws IOException {
    CommandRun run = read("""
        address-space: memory
          %s (prio 0, i/o): system
        [DETECTED OVERFLOW!]     ffffffffffff0000-000000000000ffff (prio 0, i/o): io

        """.formatted(FULL));
    assertTrue(run.err().contains("/map:3: "), run.err());
  }

  @Test
  void whatIsNoMapIsRefusedWithWhatWasFoundAndHowToCaptureOne() throws IOException {
    String emptyMail = "Content-Transfer-Encoding: base64\n\n\n";
    for (String text : new String[] {
        "", emptyMail, "Hi all,\n\nmy board does not boot.\n", "\0\1\2\3\4\5".repeat(200)}) {
      CommandRun run = read(text);
      assertEquals(1, run.exitCode());
      assertTrue(run.err().contains("capture a map with (echo info mtree; sleep 1; echo quit)"), run.err());
    }
    CommandRun zip = CommandRun.of("mtree", Files.write(folder.resolve("z"), new byte[] {0x1f, (byte) 0x8b, 8, 0}));
    assertTrue(zip.err().contains("is compressed (gzip)"), zip.err());
  }

  @Test
  void standardInputIsReadIfTheFileIsAHyphen() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(Forms.CLEAN.getBytes(StandardCharsets.UTF_8)));
    try {
      assertEquals(0, CommandRun.of("mtree", "-").exitCode());
    } finally {
      System.setIn(before);
    }
  }
}
