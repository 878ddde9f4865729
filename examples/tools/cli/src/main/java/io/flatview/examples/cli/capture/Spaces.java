package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.List;

/** Puts plain blanks in place of others, and takes out what has no width and what stands at the end of a line. */
final class Spaces implements Stage {

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    return lines.stream().map(line -> line.with(plain(line.text()))).toList();
  }

  private static String plain(String text) {
    String plain = text;
    if (text.chars().anyMatch(c -> c >= 0x80)) {
      StringBuilder out = new StringBuilder(text.length());
      text.chars().filter(c -> !hasNoWidth(c)).forEach(c -> out.append(isBlank(c) ? ' ' : (char) c));
      plain = out.toString();
    }
    return plain.stripTrailing();
  }

  private static boolean isBlank(int c) {
    return Character.isSpaceChar(c);
  }

  private static boolean hasNoWidth(int c) {
    return c == 0xad || c == 0x200b || c == 0x200c || c == 0x200d || c == 0x2060 || c == 0xfeff;
  }
}
