package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a run of the command in this process left behind. */
record BenchRun(int exitCode, String out, String err) {

  /** A terminal's 120, and the digits that a figure of a slow machine has more. */
  private static final int WIDTH = 120 + 8;

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
    lines.forEach(line -> assertTrue(line.length() <= WIDTH && !line.contains(" none "), line));
  }

  static void assertUniqueNames(List<Subject> subjects) {
    List<String> names = subjects.stream().map(Subject::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }
}
