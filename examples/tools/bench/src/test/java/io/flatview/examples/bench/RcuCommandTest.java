package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.plan.CommitPlan;
import io.flatview.examples.bench.plan.RcuPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every benchmark once, in this process. No figure is judged here. */
class RcuCommandTest {

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable(@TempDir Path folder) throws Exception {
    Path markdown = folder.resolve("table.md");
    List<Subject> subjects = RcuPlan.subjects(Length.SMOKE);
    BenchRun.of("rcu", "--smoke", "--out", markdown.toString()).assertALineForEach(subjects);
    String table = Files.readString(markdown);
    subjects.forEach(subject -> assertTrue(table.contains("| " + subject.name() + " |"), subject.name()));
  }

  @Test
  void everyCommitBenchmarkRunsAndGetsALineInTheTable() {
    BenchRun.of("commit", "--smoke").assertALineForEach(CommitPlan.subjects(Length.SMOKE));
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    BenchRun.assertUniqueNames(Stream.of(RcuPlan.subjects(Length.FULL), CommitPlan.subjects(Length.FULL))
        .flatMap(List::stream).toList());
  }

  @Test
  void aFilterChoosesByName() {
    BenchRun run = BenchRun.of("rcu", "--list", "--filter", "^retire.*2P");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().lines().allMatch(line -> line.matches("retire .* 2P")), run.out());
    assertFalse(run.out().isEmpty());
  }

  @Test
  void aFilterWithoutAMatchIsAnError() {
    BenchRun run = BenchRun.of("rcu", "--filter", "no such thing");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--list"), run.err());
  }
}
