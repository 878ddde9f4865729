package io.flatview.memory;

import java.util.HexFormat;

/**
 * Names made safe for terminals and logs. Regions and address spaces may have any name, such as one from untrusted
 * input; a control sequence, a line feed or a mark of writing direction in a name would change the text around it.
 */
public final class PrintableText {

  private PrintableText() {}

  /**
   * Escapes characters that would control a terminal rather than be printed: control characters, among them ESC, line
   * feed and U+009B; marks of direction and others without a width; separators of lines; halves of surrogate pairs.
   *
   * @param text any text
   * @return the same with {@code \n}, {@code \t} and {@code \}{@code uXXXX} in their place; a character beyond U+FFFF
   *     as {@code \}{@code u{XXXXXX}}; the very text if there is nothing to escape
   */
  public static String of(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      if (isPrintable(c)) {
        safe.appendCodePoint(c);
      } else {
        safe.append(escape(c));
      }
    });
    return safe.toString();
  }

  /**
   * Whether a character is printed by a terminal, and does not control it.
   *
   * @param codePoint any Unicode code point
   * @return true if it may be printed as it is
   */
  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }

  private static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> Character.isBmpCodePoint(c)
          ? "\\u" + HexFormat.of().toHexDigits((char) c)
          : "\\u{" + HexFormat.of().toHexDigits(c, 6) + "}";
    };
  }
}
