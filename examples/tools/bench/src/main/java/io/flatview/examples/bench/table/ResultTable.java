package io.flatview.examples.bench.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All lines, as plain text of at most 120 columns or as Markdown. */
public final class ResultTable {

  private static final List<String> TITLES =
      List.of("benchmark", "what it isolates", "result", "unit", "ratio", "B/op", "peer", "to peer");
  private final List<String> head;
  private final List<Row> rows;
  private final List<String> notes;

  /**
   * A table.
   *
   * @param head lines on the machine and the run
   * @param rows the lines
   * @param notes the meaning of the columns
   */
  public ResultTable(List<String> head, List<Row> rows, List<String> notes) {
    this.notes = List.copyOf(notes);
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
    lines.addAll(notes);
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
    return List.of("result", "ratio", "B/op", "to peer").contains(TITLES.get(column));
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
    lines.addAll(notes);
    return lines;
  }

  private static String piped(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
