package io.flatview.examples.bench.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All lines, as plain text of at most 120 columns or as Markdown. */
public final class ResultTable {

  private static final List<String> TITLES =
      List.of("benchmark", "what it isolates", "result", "unit", "ratio", "B/op", "anchor", "target", "met");
  private static final List<String> NOTES = List.of(
      "1T, 2T: threads. 1R, 2R: busy readers. 1P, 2P: producers. us: median / 99th percentile. Virtual: core time.",
      "ratio: to the plain volatile read of this run with as many threads; of latencies, to membarrier alone",
      "with as many readers; of commits, to the smallest map of the layout, or to one address space.",
      "anchor: others' figures on an idle machine with 2 virtual CPUs, in the same unit.",
      "Medians of forks. <=2.0x: ratio as displayed, and 0 bytes allocated.");

  private final List<String> head;
  private final List<Row> rows;

  /**
   * A table.
   *
   * @param head lines on the machine and the run
   * @param rows the lines
   */
  public ResultTable(List<String> head, List<Row> rows) {
    this.head = List.copyOf(head);
    this.rows = List.copyOf(rows);
  }

  /**
   * As plain text.
   *
   * @return its lines
   */
  public List<String> text() {
    List<List<String>> all = new ArrayList<>(List.of(TITLES));
    rows.forEach(row -> all.add(row.cells()));
    int[] widths = IntStream.range(0, TITLES.size()).map(column -> width(all, column)).toArray();
    List<String> lines = new ArrayList<>(head);
    lines.add("");
    all.forEach(cells -> lines.add(padded(cells, widths)));
    lines.add(1 + head.size() + 1, "-".repeat(IntStream.of(widths).sum() + widths.length - 1));
    lines.add("");
    lines.addAll(NOTES);
    return lines;
  }

  private static int width(List<List<String>> all, int column) {
    return all.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
  }

  private static String padded(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String gap = " ".repeat(widths[i] - cells.get(i).length());
      line.append(isNumber(i) ? gap + cells.get(i) : cells.get(i) + gap).append(' ');
    }
    return line.toString().stripTrailing();
  }

  private static boolean isNumber(int column) {
    return List.of("result", "ratio", "B/op").contains(TITLES.get(column));
  }

  /**
   * As Markdown.
   *
   * @return its lines
   */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    head.forEach(line -> lines.add(line + "  "));
    lines.add("");
    lines.add(piped(TITLES));
    lines.add(piped(TITLES.stream().map(title -> isNumber(TITLES.indexOf(title)) ? "--:" : "---").toList()));
    rows.forEach(row -> lines.add(piped(row.cells())));
    lines.add("");
    lines.addAll(NOTES);
    return lines;
  }

  private static String piped(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
