package io.flatview.examples.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the litmus files and their table together; what the table says is what a model checker said. */
class LitmusFilesTest {

  private static final Path ROOT = Path.of("src", "litmus");
  private static final Map<String, String> FOLDERS = Map.of(
      "x86", "x86", "aarch64-lse", "a64lse", "aarch64-llsc", "a64llsc", "riscv", "rv", "power", "ppc");
  private static final Map<String, String> LANGUAGES = Map.of(
      "x86", "X86", "aarch64-lse", "AArch64", "aarch64-llsc", "AArch64", "riscv", "RISCV", "power", "PPC");

  /** A line of the table: what a test is, and what each machine's model says of its outcome. */
  private record Row(String test, String role, Map<String, String> verdicts) {

    boolean isAllowedSomewhere() {
      return verdicts.containsValue("allowed");
    }

    /** The points of a reader that one heavy fence may fall on are one test. */
    String family() {
      return test.replaceFirst("-p[0-3]$", "");
    }
  }

  @Test
  void everyFileStandsInTheTableAndEveryLineHasItsFiles() throws IOException {
    Set<String> listed = rows().stream().map(Row::test).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(rows().size(), listed.size());
    for (String folder : FOLDERS.values()) {
      assertEquals(listed, testsIn(folder), folder);
    }
    assertEquals(
        new TreeSet<>(FOLDERS.values()),
        names(ROOT).stream().filter(name -> Files.isDirectory(ROOT.resolve(name))).collect(
            Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyFileAsksForOneOutcomeInTheLanguageOfItsMachine() throws IOException {
    for (Row row : rows()) {
      for (String machine : FOLDERS.keySet()) {
        Path file = ROOT.resolve(FOLDERS.get(machine), row.test() + ".litmus");
        List<String> lines = Files.readAllLines(file);
        assertEquals(LANGUAGES.get(machine) + " " + row.test(), lines.getFirst(), file::toString);
        assertEquals(1, lines.stream().filter(line -> line.startsWith("exists")).count(), file::toString);
      }
    }
  }

  @Test
  void everyVerdictIsOneOfTwo() throws IOException {
    for (Row row : rows()) {
      assertEquals(FOLDERS.keySet(), row.verdicts().keySet());
      assertTrue(Set.of("forbidden", "allowed").containsAll(row.verdicts().values()), row::toString);
      assertTrue(Set.of("code", "twin").contains(row.role()), row::toString);
    }
  }

  @Test
  void whatTheCodeDoesIsForbiddenToGoWrongOnEveryMachine() throws IOException {
    assertEquals(List.of(),
        rows().stream().filter(row -> row.role().equals("code") && row.isAllowedSomewhere()).toList());
  }

  @Test
  void everyTwinGoesWrongOnSomeMachine() throws IOException {
    Map<String, Boolean> refuted = rows().stream().filter(row -> row.role().equals("twin"))
        .collect(Collectors.toMap(Row::family, Row::isAllowedSomewhere, Boolean::logicalOr, TreeMap::new));
    assertTrue(refuted.size() > 10);
    refuted.forEach((twin, seen) -> assertTrue(seen, twin));
  }

  private static Set<String> testsIn(String folder) throws IOException {
    return names(ROOT.resolve(folder)).stream().map(name -> name.replaceFirst("\\.litmus$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<Row> rows() throws IOException {
    List<String[]> lines =
        Files.readAllLines(ROOT.resolve("verdicts.tsv")).stream().map(line -> line.split("\t", -1)).toList();
    String[] heads = lines.getFirst();
    return lines.stream().skip(1).map(cells -> row(heads, cells)).toList();
  }

  private static Row row(String[] heads, String[] cells) {
    assertEquals(heads.length, cells.length, () -> Arrays.toString(cells));
    Map<String, String> verdicts = new TreeMap<>();
    for (int i = 2; i < heads.length; i++) {
      verdicts.put(heads[i], cells[i]);
    }
    return new Row(cells[0], cells[1], verdicts);
  }
}
