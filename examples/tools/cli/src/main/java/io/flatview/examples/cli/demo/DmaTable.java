package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.dma.DmaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report of {@code flatview demo --iommu}, at most 80 columns wide. */
final class DmaTable {

  private DmaTable() {}

  static List<String> lines(DmaReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(row("DMA loads", report.loads(), perSecond(report, report.loads())));
    lines.add(row("loads refused", report.refusals(), Figures.count(report.faults()) + " fault records taken"));
    lines.add(row("mappings changed", report.changes(), perSecond(report, report.changes())));
    lines.add(row("fences", report.fences(), perSecond(report, report.fences())));
    lines.add(row("stale reads", report.wrong(), "every load was checked"));
    report.examples().forEach(example -> lines.add("  " + example));
    lines.add("");
    lines.add(report.isClean() ? "Clean: no device read a frame that was taken away." : "NOT CLEAN.");
    return lines;
  }

  private static String perSecond(DmaReport report, long number) {
    return Figures.perSecond(number / report.seconds());
  }

  private static String row(String what, long number, String more) {
    return String.format(Locale.ROOT, "  %-17s %17s  %s", what, Figures.count(number), more);
  }
}
