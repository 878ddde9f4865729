package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.PrintableText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MtreeCommandTest {

  @TempDir Path folder;

  static List<Path> trees() {
    return Dumps.endingWith(".mtree.txt");
  }

  @ParameterizedTest
  @MethodSource("trees")
  void theTreeOfADumpIsTheDump(Path tree) {
    assertEquals(Dumps.read(tree), CommandRun.of("mtree", tree).out());
  }

  @ParameterizedTest
  @MethodSource("trees")
  void windowsLineEndsAreTolerated(Path tree) throws IOException {
    Path file = Files.writeString(folder.resolve("crlf"), Dumps.read(tree).replace("\n", "\r\n"));
    assertEquals(Dumps.read(tree), CommandRun.of("mtree", file).out());
  }

  /** The numbers of views and the order of spaces are those of a hash table in QEMU. */
  @ParameterizedTest
  @MethodSource("trees")
  void theFlatViewsOfADumpAreThoseOfQemu(Path tree) {
    String flat = Dumps.read(Path.of(tree.toString().replace(".mtree.", ".flat.")));
    String printed = CommandRun.of("mtree", "--flat", tree).out().substring(Dumps.read(tree).length());
    assertEquals(views(flat), views(printed.replaceAll(" (owner|parent):\\{.*", "")));
  }

  private static Set<String> trees(String text) {
    return Set.of(text.split("\n\n"));
  }

  private static TreeSet<List<String>> views(String text) {
    TreeSet<List<String>> views = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    for (String view : text.split("\n\n")) {
      views.add(view.lines().skip(1).sorted().toList());
    }
    return views;
  }

  @Test
  void theTreeOfAModelIsTheTreeThatQemuPrints() {
    Path tree = Dumps.file("aarch64-kudo-bmc-def.mtree.txt");
    String printed = CommandRun.of("mtree", Dumps.file("aarch64-kudo-bmc-def.model.txt")).out();
    assertEquals(trees(Dumps.read(tree)), trees(printed));
  }

  @ParameterizedTest
  @CsvSource({"c0000", "0xc0000", "0XC0000", "00000000000c0000"})
  void anExplanationNamesTheWinnerAndTheOthers(String address) {
    CommandRun run = CommandRun.of(
        "mtree", Dumps.file("x86_64-pc-i440fx-2.0-v_base-run.model.txt"), "--explain", address);
    assertTrue(run.out().startsWith("""
        address-space: cpu-memory-0
        address-space: memory
          00000000000c0000 is answered by 00000000000c0000-00000000000cafff (prio 0, rom): pc.ram @00000000000c0000;\
         writes are refused on the way to it
          asked, in this order (of siblings the higher priority first, of equals the latest):
            system (prio 0, i/o) @00000000000c0000: is a container, asks its children
              pam-ram (prio 1, ram) @0000000000000000: is disabled, with all that it contains
              pam-pci (prio 1, ram) @0000000000000000: is disabled, with all that it contains
              pam-rom (prio 1, ram) @0000000000000000: is an alias, asks pc.ram
                pc.ram (prio 0, ram) @00000000000c0000: answers, the first that can
              pam-pci (prio 1, i/o) @0000000000000000: is disabled, with all that it contains
              ram-below-4g (prio 0, ram) @00000000000c0000: is an alias, asks pc.ram
                pc.ram (prio 0, ram) @00000000000c0000: could answer, but pc.ram was asked before it
              pci (prio -1, i/o) @00000000000c0000: is a container, asks its children
                pc.rom (prio 1, rom) @0000000000000000: could answer, but pc.ram was asked before it

        """), run.out());
  }

  @ParameterizedTest
  @CsvSource({"0x", "12345678901234567", "12g4", "-1"})
  void anExplanationNeedsAnAddress(String address) {
    CommandRun run = CommandRun.of("mtree", Dumps.file("tie.model.txt"), "--explain", address);
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--explain"), run.err());
  }

  @Test
  void jsonHoldsTheTreeAndTheViews() {
    CommandRun run = CommandRun.of("mtree", "--json", Dumps.file("tie.model.txt"));
    String compact = run.out().replaceAll("\\s+", "");
    assertAll(
        () -> assertTrue(compact.startsWith("{\"format\":\"flatview-map-1\",\"generation\":"), compact),
        () -> assertTrue(compact.contains("\"addressSpaces\":[{\"name\":\"memory\",\"root\":"), compact),
        () -> assertTrue(compact.contains("\"name\":\"empty\",\"kind\":\"ram\",\"type\":\"ram\",\"size\":\"0x0\","
            + "\"enabled\":true,\"readOnly\":false,\"nonVolatile\":false,"), compact),
        () -> assertTrue(compact.contains("{\"first\":\"0x0000000000002000\",\"last\":\"0x00000000000027ff\","
            + "\"type\":\"i/o\",\"name\":\"firstplaced\",\"region\":"), compact));
  }

  @Test
  void anExplanationCanBeJson() {
    CommandRun run = CommandRun.of("mtree", "--json", "--explain", "1800", Dumps.file("tie.model.txt"));
    String compact = run.out().replaceAll("\\s+", "");
    assertTrue(compact.startsWith("{\"format\":\"flatview-explanation-1\",\"addressSpace\":\"memory\","
        + "\"address\":\"0x0000000000001800\",\"candidates\":["), compact);
    assertTrue(compact.contains("\"verdict\":\"hidden\""), compact);
  }

  static List<Path> pageTables() {
    return Dumps.endingWith(".dispatch.txt");
  }

  /** QEMU gives the first sections the names of dummies that it has no more, and marks the one last looked up. */
  @ParameterizedTest
  @MethodSource("pageTables")
  void thePageTablesOfADumpAreThoseOfQemu(Path dispatch) {
    Path model = Path.of(dispatch.toString().replace(".dispatch.", ".model."));
    String printed = CommandRun.of("mtree", "-d", model).out();
    String qemu = Dumps.read(dispatch).replaceAll(" \\[(not dirty|ROM|watch|MRU|iommu)]", "");
    assertEquals(views(qemu), views(printed.substring(printed.indexOf("FlatView #"))));
  }

  @Test
  void aLocaleWithOtherDigitsChangesNothing() {
    Path model = Dumps.endingWith(".model.txt").getFirst();
    CommandRun usual = CommandRun.of("mtree", "--flat", "-d", model);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.of("ar", "EG"));
    try {
      assertEquals(usual, CommandRun.of("mtree", "--flat", "-d", model));
    } finally {
      Locale.setDefault(before);
    }
  }

  static List<Path> flatViews() {
    return Dumps.endingWith(".flat.txt");
  }

  /** Address spaces whose roots lead to the same region share a view, and those of QEMU do. */
  @ParameterizedTest
  @MethodSource("flatViews")
  void asManyViewsAreSharedAsInQemu(Path flat) {
    Path model = Path.of(flat.toString().replace(".flat.", ".model."));
    String printed = CommandRun.of("mtree", "--flat", model).out();
    assertEquals(views(Dumps.read(flat)).size(), views(printed.substring(printed.indexOf("FlatView #"))).size());
  }

  @Test
  void ownersAreMarkedWhereAsked() {
    String out = CommandRun.of("mtree", "-o", Dumps.file("tie.model.txt")).out();
    assertTrue(out.lines().filter(line -> line.startsWith("  ")).allMatch(line -> line.endsWith(" orphan")), out);
  }

  @Test
  void aMachineDoesNotDifferFromItself() {
    Path machine = Dumps.file("arm-sx1-def.model.txt");
    assertEquals(new CommandRun(0, "no difference\n", ""), CommandRun.of("mtree", machine, "--diff", machine));
    CommandRun json = CommandRun.of("mtree", "--json", machine, "--diff", machine);
    assertEquals(0, json.exitCode());
    assertTrue(json.out().contains("\"changes\": []"), json.out());
  }

  @Test
  void theDifferenceOfTwoMachinesIsToldByAddress() throws IOException {
    Path machine = Dumps.file("tie.model.txt");
    Path other = Files.writeString(folder.resolve("other"),
        Dumps.read(machine).replace("R\t1\tmmio\t1000\te--", "R\t1\tmmio\t1000\td--"));
    assertEquals(new CommandRun(1, """
        address-space: memory
          removed  0000000000002000-00000000000027ff (prio 0, i/o): first placed @0000000000000800
          resized  0000000000002000-0000000000002fff (prio -1, i/o): below @0000000000001000,\
         from 0000000000002800-0000000000002fff

        """, ""), CommandRun.of("mtree", machine, "--diff", other));
    CommandRun json = CommandRun.of("mtree", "--json", machine, "--diff", other);
    assertEquals(1, json.exitCode());
    assertTrue(json.out().contains("\"change\": \"resized\""), json.out());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      empty.mtree.txt           | empty.mtree.txt: the file is empty
      binary.mtree.txt          | binary.mtree.txt:1: holds bytes that are no text
      huge-line.mtree.txt       | huge-line.mtree.txt:2: note: has 20051 characters
      huge-line.mtree.txt       | huge-line.mtree.txt:1: holds no line of a memory map; it starts with 'address
      many-faults.mtree.txt     | many-faults.mtree.txt:3: the range 0000000000001000-0000000000000fff ends before
      many-faults.mtree.txt     | many-faults.mtree.txt:4: note: ends before it is complete
      many-faults.mtree.txt     | many-faults.mtree.txt:6: note: 'rum' is no type of region that is known
      window-length.mtree.txt   | window-length.mtree.txt:3: the window 0000000000000000-0000000000001fff is not as long
      alias-recursion.mtree.txt | alias-recursion.mtree.txt:3: ALIAS_RECURSION
      alias-circle.mtree.txt    | alias-circle.mtree.txt:5: region 'b' is an alias of itself
      below-parent.mtree.txt    | below-parent.mtree.txt:3: starts below its parent 'system' of line 2
      too-much-memory.mtree.txt | too-much-memory.mtree.txt:2: memory 'everything' of 0x10000000000000000 bytes
      no-region.mtree.txt       | no-region.mtree.txt:1: holds no line of a memory map
      many-faults.model.txt     | many-faults.model.txt:5: 'rum' is no kind of region
      many-faults.model.txt     | many-faults.model.txt:6: '10000000000000001' has more than 64 bits
      many-faults.model.txt     | many-faults.model.txt:7: 'xyz' are no flags
      many-faults.model.txt     | many-faults.model.txt:8: 'X' starts no line of a model
      many-faults.model.txt     | many-faults.model.txt:9: a line C has 6 fields, this one has 2
      missing-target.model.txt  | missing-target.model.txt:6: no line R has the id 9
      two-parents.model.txt     | two-parents.model.txt:7: region 1 has a parent already
      contains-itself.model.txt | contains-itself.model.txt:6: region 'a' contains itself
      beyond.model.txt          | beyond.model.txt:5: region 'ram' of 0x1000 bytes at offset fffffffffffff001 reaches
      page-size.model.txt       | page-size.model.txt:3: a page of 1000 bytes
      cut-off.model.txt         | cut-off.model.txt: no view says what the address space 'memory' shows
      views.model.txt           | views.model.txt:8: no line V starts a view before this line
      views.model.txt           | views.model.txt:13: the range starts before the end of the one above
      alias-recursion.model.txt | alias-recursion.model.txt:5: ALIAS_RECURSION
      """)
  void aBadDumpIsReportedWithFileLineAndCause(String file, String problem) {
    CommandRun run = CommandRun.of("mtree", Dumps.bad(file));
    assertAll(
        () -> assertTrue(run.err().contains("/" + problem), run.err()),
        () -> assertFalse(run.err().contains("\tat "), run.err()),
        () -> assertEquals("", run.out()),
        () -> assertEquals(1, run.exitCode()));
  }

  @Test
  void withoutAFileTheCommandLineIsWrong() {
    assertEquals(2, CommandRun.of("mtree").exitCode());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      cut-in-line.mtree.txt     | cut-in-line.mtree.txt:3: note: no empty line follows the last tree
      cut-in-tree.mtree.txt     | cut-in-tree.mtree.txt:3: note: no empty line follows the last tree
      missing-target.mtree.txt  | missing-target.mtree.txt:3: note: there is no 'memory-region: ram'
      indentation-jump.mtree.txt| indentation-jump.mtree.txt:4: note: is indented by more than one level
      no-space.mtree.txt        | no-space.mtree.txt:1: note: the text has no address-space
      """)
  void whatIsMissingIsToldWithFileAndLineAndRefusedIfStrict(String file, String note) {
    CommandRun run = CommandRun.of("mtree", Dumps.bad(file));
    assertTrue(run.err().contains("/" + note), run.err());
    assertEquals(0, run.exitCode());
    CommandRun strict = CommandRun.of("mtree", "--strict", Dumps.bad(file));
    assertEquals(1, strict.exitCode());
    assertTrue(strict.err().contains("/" + note.replace(" note:", "")), strict.err());
  }

  @Test
  void anErrorShowsTheLineAndTheCure() {
    CommandRun run = CommandRun.of("mtree", Dumps.bad("window-length.mtree.txt"));
    assertTrue(
        run.err().contains("\n    | 0000000000000000-0000000000000fff (prio 0, ram): alias low @ram"), run.err());
    assertTrue(run.err().contains("capture the map anew"), run.err());
  }

  @Test
  void aFileThatIsNotThereIsTheCommandLinesFaultForEveryCommand() {
    for (Object[] command : new Object[][] {
        {"mtree", "none"}, {"draw", "none"}, {"check", "none"}, {"demo", "--map", "none"},
        {"mtree", Dumps.file("tie.model.txt"), "--diff", "none"}}) {
      CommandRun run = CommandRun.of(command);
      assertEquals(2, run.exitCode(), run.err());
    }
  }

  @Test
  void namesReachTheTerminalInPrintableCharactersAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("names"), """
        # memory map model v1
        D\tnames\t0
        P\t4096
        R\t0\tcontainer\t10000\te--\ta\u009b2Jb\u202ec
        R\t1\tmmio\t1000\te--\td\u001b]0;x\u0007e
        C\t0\t1\t0\t0\t0
        A\t0\t0\tm\u009b1m
        V\t0
        S\tm\u009b1m
        F\t0\tfff\t0\ti/o\t0\td\u001b]0;x\u0007e
        """);
    for (Object[] command : new Object[][] {
        {"mtree", "--flat", file}, {"mtree", "-d", file}, {"mtree", "--json", file},
        {"mtree", "--explain", "0", file}, {"draw", file}, {"draw", "--space", "x", file},
        {"mtree", file, "--diff", Dumps.file("tie.model.txt")}}) {
      CommandRun run = CommandRun.of(command);
      assertTrue((run.out() + run.err()).chars().allMatch(c -> c == '\n' || c == '\t' || PrintableText.isPrintable(c)),
          run.out() + run.err());
    }
  }

  @Test
  void aMachineWithMoreMemoryThanThisOneCanHaveIsShown() throws IOException {
    String text = """
        address-space: memory
          0000000000000000-ffffffffffffffff (prio 0, i/o): system
            0000000000000000-0fffffffffffffff (prio 0, ram): ram
            1000000000000000-1000000000000fff (prio 0, rom): rom

        """;
    assertEquals(new CommandRun(0, text, ""), CommandRun.of("mtree", Files.writeString(folder.resolve("huge"), text)));
  }
}
