package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.plan.CommitPlan;
import io.flatview.examples.bench.plan.RcuPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs every benchmark once, in this process. No figure is judged here. */
class RcuCommandTest {

  private static final int WIDTH = 120;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void doNotMindOtherRunsOnThisMachine() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  private int execute(String... arguments) {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable(@TempDir Path folder) throws Exception {
    Path markdown = folder.resolve("table.md");
    assertEquals(0, execute("rcu", "--smoke", "--out", markdown.toString()), err::toString);
    List<String> lines = out.toString().lines().toList();
    for (Subject subject : RcuPlan.subjects(Length.SMOKE)) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(subject.name() + " ")), subject.name());
      assertTrue(Files.readString(markdown).contains("| " + subject.name() + " |"), subject.name());
    }
    lines.forEach(line -> assertTrue(line.length() <= WIDTH && !line.contains(" none "), line));
  }

  @Test
  void everyCommitBenchmarkRunsAndGetsALineInTheTable() {
    assertEquals(0, execute("commit", "--smoke"), err::toString);
    List<String> lines = out.toString().lines().toList();
    for (Subject subject : CommitPlan.subjects(Length.SMOKE)) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(subject.name() + " ")), subject.name());
    }
    lines.forEach(line -> assertTrue(line.length() <= WIDTH && !line.contains(" none "), line));
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    List<String> names = Stream.of(RcuPlan.subjects(Length.FULL), CommitPlan.subjects(Length.FULL))
        .flatMap(List::stream).map(Subject::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }

  @Test
  void aFilterChoosesByName() {
    assertEquals(0, execute("rcu", "--list", "--filter", "^retire.*2P"));
    assertTrue(out.toString().lines().allMatch(line -> line.matches("retire .* 2P")), out::toString);
    assertFalse(out.toString().isEmpty());
  }

  @Test
  void aFilterWithoutAMatchIsAnError() {
    assertEquals(2, execute("rcu", "--filter", "no such thing"));
    assertTrue(err.toString().contains("--list"), err::toString);
  }
}
