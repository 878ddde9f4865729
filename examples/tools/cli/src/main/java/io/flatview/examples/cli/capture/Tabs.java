package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.List;

/** Puts blanks in place of tabs, eight columns apart. */
final class Tabs implements Stage {

  private static final int COLUMNS = 8;

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    return lines.stream().map(line -> line.with(expanded(line.text()))).toList();
  }

  private static String expanded(String text) {
    if (text.indexOf('\t') < 0) {
      return text;
    }
    StringBuilder expanded = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c == '\t') {
        expanded.repeat(' ', COLUMNS - expanded.length() % COLUMNS);
      } else {
        expanded.append(c);
      }
    }
    return expanded.toString();
  }
}
