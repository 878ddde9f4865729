package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.plan.IommuPlan;
import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Runs every benchmark once, in this process. No figure is judged here. */
class IommuCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void doNotMindOtherRunsOnThisMachine() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    int exit = new CommandLine(new Main())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("iommu", "--smoke");
    assertEquals(0, exit, err::toString);
    List<String> lines = out.toString().lines().toList();
    for (Subject subject : IommuPlan.subjects()) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(subject.name() + " ")), subject.name());
    }
    lines.forEach(line -> assertTrue(line.length() <= 120, line));
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    List<String> names = IommuPlan.subjects().stream().map(Subject::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
