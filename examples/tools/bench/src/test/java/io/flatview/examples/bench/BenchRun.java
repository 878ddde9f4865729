package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.run.Outcome;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.ResultTable;
import io.flatview.examples.bench.table.Row;
import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a run of the command in this process left behind. */
record BenchRun(int exitCode, String out, String err) {

  /** A terminal's 120, and the digits that some figures have more. */
  private static final int WIDTH = 120 + 8;

  /** An outcome such as a quiet machine has: what comes out on a busy one has any number of digits. */
  private static final Outcome USUAL = new Outcome(1_234, 123_456, 16, 100_000);

  static {
    System.setProperty("jmh.ignoreLock", "true"); // other runs on this machine do not matter here
  }

  static BenchRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
    return new BenchRun(exitCode, out.toString(), err.toString());
  }

  /** Each was run, verified what it does, and got a line with its figures. */
  void assertALineForEach(List<Subject> subjects) {
    assertEquals(0, exitCode, err);
    List<String> lines = out.lines().toList();
    for (Subject subject : subjects) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(subject.name() + " ")), subject.name());
    }
    for (String line : lines) {
      assertTrue((isOfTable(line, subjects) || line.length() <= WIDTH) && !line.contains(" none "), line);
    }
    assertTableFitsATerminal(subjects);
  }

  private static boolean isOfTable(String line, List<Subject> subjects) {
    return line.matches("benchmark .*|-+")
        || subjects.stream().anyMatch(subject -> line.startsWith(subject.name() + " "));
  }

  private static void assertTableFitsATerminal(List<Subject> subjects) {
    Map<Trial, Outcome> outcomes = new HashMap<>();
    subjects.forEach(subject -> outcomes.put(subject.trial(), USUAL));
    List<Row> rows = subjects.stream().map(subject -> Row.of(subject, outcomes)).toList();
    new ResultTable(List.of(), rows, List.of()).text()
        .forEach(line -> assertTrue(line.length() <= WIDTH, () -> line.length() + " columns: " + line));
  }

  static void assertUniqueNames(List<Subject> subjects) {
    List<String> names = subjects.stream().map(Subject::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
