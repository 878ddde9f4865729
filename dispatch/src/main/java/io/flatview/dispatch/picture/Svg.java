package io.flatview.dispatch.picture;

import io.flatview.memory.PrintableText;

/** Writes SVG elements. */
final class Svg {

  private final StringBuilder out = new StringBuilder();

  Svg raw(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  Svg open(String style) {
    return raw("<g class=\"" + style + "\">");
  }

  Svg close() {
    return raw("</g>");
  }

  /** Adds a tooltip to the group. */
  Svg title(String text) {
    return raw("<title>" + escaped(text) + "</title>");
  }

  Svg rect(String style, int x, int y, int width, int height) {
    return raw("<rect class=\"" + style + "\" x=\"" + x + "\" y=\"" + y + "\" width=\"" + width + "\" height=\""
        + height + "\"/>");
  }

  Svg path(String style, String shape) {
    return raw("<path class=\"" + style + "\" d=\"" + shape + "\"/>");
  }

  Svg text(String style, int x, int y, String text) {
    return raw("<text class=\"" + style + "\" x=\"" + x + "\" y=\"" + y + "\">" + escaped(text) + "</text>");
  }

  /** Adds an address, with its leading zeros in a style of their own. */
  Svg address(String style, int x, int y, String digits) {
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return raw("<text class=\"" + style + "\" x=\"" + x + "\" y=\"" + y + "\"><tspan class=\"zero\">"
        + digits.substring(0, zeros) + "</tspan>" + digits.substring(zeros) + "</text>");
  }

  /** Escapes a text for XML. Names may have any character, also those that XML does not allow. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      switch (c) {
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '&' -> safe.append("&amp;");
        case '"' -> safe.append("&quot;");
        default -> append(safe, isXml(c) ? c : '\ufffd');
      }
    });
    return safe.toString();
  }

  /**
   * Appends a character. One that would control a terminal is written as its number, since a picture may be printed to
   * a terminal.
   */
  private static void append(StringBuilder safe, int c) {
    if (c == '\n' || c == '\t' || PrintableText.isPrintable(c)) {
      safe.appendCodePoint(c);
    } else {
      safe.append("&#").append(c).append(';');
    }
  }

  private static boolean isXml(int c) {
    return c == '\t' || c == '\n' || c >= ' ' && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c >= 0x10000;
  }

  static String shortened(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(characters - 1, 0))) + "\u2026";
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
