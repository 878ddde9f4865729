package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.churn.Edit;
import io.flatview.examples.cli.demo.oracle.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as a table of at most 80 columns. */
final class ReportTable {

  private static final String ROW = "  %-17s %17s  %s";
  private static final int EDITS_PER_LINE = 4;

  private final DemoReport report;
  private final List<String> lines = new ArrayList<>();

  private ReportTable(DemoReport report) {
    this.report = report;
  }

  static List<String> lines(DemoReport report) {
    ReportTable table = new ReportTable(report);
    table.rates();
    table.reclamation();
    table.changes();
    table.verdict();
    return table.lines;
  }

  private void rates() {
    rate("translations", report.readSide().translations());
    rate("loads and stores", report.readSide().accesses());
    rate("read sections", report.readSide().sections());
    rate("commits", report.writeSide().commits());
    rate("taken back", report.writeSide().takenBack());
  }

  private void rate(String what, long number) {
    row(what, Figures.count(number), perSecond(number));
  }

  private String perSecond(long number) {
    return Figures.perSecond(number / Math.max(1e-3, report.readSide().seconds()));
  }

  private void reclamation() {
    var actions = report.reclamation().actions();
    var maps = report.reclamation().generations();
    row("grace periods", Figures.count(actions.gracePeriods()), perSecond(actions.gracePeriods())
        + ", at most " + Figures.count(report.reclamation().mostWaiting()) + " commits waiting");
    row("maps retired", Figures.count(maps.generation()), Figures.count(maps.reclaimedGenerations()) + " reclaimed");
    row("actions retired", Figures.count(actions.retired()), Figures.count(actions.reclaimed()) + " reclaimed");
    memory(report.memory());
  }

  private void memory(DemoReport.Held held) {
    row("guest RAM in use", Figures.bytes(held.ramAfter()),
        "was " + Figures.bytes(held.ramBefore()) + ", at most " + Figures.bytes(held.ramPeak()));
    row("Java heap", Figures.bytes(held.heapPeak()), "at most, garbage included");
  }

  private void changes() {
    List<String> words = new ArrayList<>();
    for (Edit edit : Edit.values()) {
      words.add(edit.text() + " " + Figures.count(report.writeSide().edits().getOrDefault(edit, 0L)));
    }
    for (int i = 0; i < words.size(); i += EDITS_PER_LINE) {
      List<String> some = words.subList(i, Math.min(words.size(), i + EDITS_PER_LINE));
      lines.add(String.format(Locale.ROOT, "  %-17s %s", i == 0 ? "changes" : "", String.join(", ", some)));
    }
  }

  private void verdict() {
    row("stale reads", Figures.count(report.staleReads()),
        "in " + Figures.count(report.readSide().sections()) + " sections, each checked");
    report.wrong().forEach((kind, number) -> row("", Figures.count(number), kind.text()));
    report.examples().forEach(this::example);
    lines.add("");
    lines.add(report.isClean() ? "Clean: no stale read, nothing lost, everything reclaimed." : "NOT CLEAN: " + wrong());
    report.losses().forEach(loss -> lines.add("  " + loss));
  }

  private void example(Finding finding) {
    lines.add("  " + finding.who() + ": " + finding.kind().text());
    lines.add("    " + finding.what());
  }

  private String wrong() {
    List<String> faults = new ArrayList<>();
    if (report.staleReads() > 0) {
      faults.add(Figures.count(report.staleReads()) + " reads saw what they must not see");
    }
    if (!report.losses().isEmpty()) {
      faults.add("something was lost");
    }
    return String.join("; ", faults) + ".";
  }

  private void row(String what, String number, String more) {
    lines.add(String.format(Locale.ROOT, ROW, what, number, more));
  }
}
