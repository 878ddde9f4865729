package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.demo.churn.Edit;
import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.memory.MemoryStatistics;
import io.flatview.rcu.ReclaimStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {

  private static final int COLUMNS = 80;
  private static final long MANY = 123_456_789_012L;

  private static DemoReport report(Map<FindingKind, Long> wrong, List<Finding> examples, List<String> losses) {
    return new DemoReport(
        new DemoSettings(Duration.ofSeconds(5), 2, true),
        "epoch",
        new DemoReport.ReadSide(5, MANY, MANY, MANY),
        new DemoReport.WriteSide(1_234_567, 1_234_567, Map.of(Edit.PLUG, 1_234_567L, Edit.DOOR, 1_234_567L)),
        new DemoReport.Reclamation(
            new ReclaimStatistics(MANY, MANY, MANY, 0, 0), new MemoryStatistics(MANY, MANY, 1L << 38, 9), 257),
        new DemoReport.Held(1L << 38, 1L << 38, 1L << 38, 1L << 32),
        wrong,
        examples,
        losses);
  }

  @Test
  void aCleanRunSaysSoInItsLastLine() {
    List<String> lines = ReportTable.lines(report(Map.of(), List.of(), List.of()));
    assertEquals("Clean: no stale read, nothing lost, everything reclaimed.", lines.getLast());
  }

  @Test
  void evenLargeFiguresFitEightyColumns() {
    ReportTable.lines(report(Map.of(), List.of(), List.of()))
        .forEach(line -> assertTrue(line.length() <= COLUMNS, line));
  }

  @Test
  void staleReadsAreShownByKindWithExamples() {
    Finding finding = new Finding(FindingKind.MIXED, "reader-1, generation 7", "memory 0: expected a, saw b");
    List<String> lines = ReportTable.lines(report(Map.of(FindingKind.MIXED, 3L), List.of(finding), List.of()));
    assertTrue(lines.stream().anyMatch(line -> line.endsWith("3  " + FindingKind.MIXED.text())));
    assertTrue(lines.contains("    memory 0: expected a, saw b"));
    assertEquals("NOT CLEAN: 3 reads saw what they must not see.", lines.getLast());
  }

  @Test
  void lossesAreSpelledOut() {
    List<String> lines = ReportTable.lines(report(Map.of(), List.of(), List.of("2 maps were never reclaimed")));
    assertTrue(lines.contains("NOT CLEAN: something was lost."));
    assertEquals("  2 maps were never reclaimed", lines.getLast());
  }
}
