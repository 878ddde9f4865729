package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.plan.TranslatePlan;
import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Runs every benchmark once, in this process, which verifies every checksum. No figure is judged here. */
class TranslateCommandTest {

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
  void everyBenchmarkRunsAndGetsALineInTheTable() {
    assertEquals(0, execute("translate", "--smoke"), err::toString);
    List<String> lines = out.toString().lines().toList();
    for (Subject subject : TranslatePlan.subjects()) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(subject.name() + " ")), subject.name());
    }
    lines.forEach(line -> assertTrue(line.length() <= WIDTH && !line.contains(" none "), line));
  }

  @Test
  void namesAreUniqueSoThatAFilterCanChooseOne() {
    List<String> names = TranslatePlan.subjects().stream().map(Subject::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
