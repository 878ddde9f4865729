package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.List;

/** Leaves out lines that are longer than any of a map. */
final class LongLines implements Stage {

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    return lines.stream().filter(line -> isShort(line, notes)).toList();
  }

  private static boolean isShort(Line line, Notes notes) {
    boolean fits = line.text().length() <= DumpText.LONGEST_LINE;
    if (!fits) {
      notes.add(line.number(), "has " + line.text().length() + " characters; no line of a map is longer than "
          + DumpText.LONGEST_LINE + ", so it is left out");
    }
    return fits;
  }
}
