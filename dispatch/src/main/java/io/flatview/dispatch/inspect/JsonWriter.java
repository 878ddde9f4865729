package io.flatview.dispatch.inspect;

import io.flatview.memory.PrintableText;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes maps, collections, texts, numbers and booleans as JSON (RFC 8259), indented.
 *
 * <p>Write addresses as texts with {@link #hex}: a JSON number is not exact beyond 2<sup>53</sup>.
 */
final class JsonWriter {

  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private JsonWriter() {}

  /**
   * Writes a value.
   *
   * @param value a map from texts, a collection, a text, a number, a boolean or null
   * @return the document, with a line feed at its end
   */
  static String write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value, 0);
    return writer.out.append('\n').toString();
  }

  /**
   * An address or an offset as a text.
   *
   * @param address the address or offset, unsigned
   * @return {@code 0x} and 16 digits
   */
  static String hex(long address) {
    return "0x" + HexFormat.of().toHexDigits(address);
  }

  private void value(Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> members(map, depth + 1);
      case Collection<?> items -> items(items, depth + 1);
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      default -> text(value.toString());
    }
  }

  private void members(Map<?, ?> map, int depth) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      line(depth);
      text(member.getKey().toString());
      out.append(": ");
      value(member.getValue(), depth);
      separator = ",";
    }
    end(map.isEmpty(), depth, '}');
  }

  private void items(Collection<?> items, int depth) {
    out.append('[');
    String separator = "";
    for (Object item : items) {
      out.append(separator);
      line(depth);
      value(item, depth);
      separator = ",";
    }
    end(items.isEmpty(), depth, ']');
  }

  private void end(boolean empty, int depth, char bracket) {
    if (!empty) {
      line(depth - 1);
    }
    out.append(bracket);
  }

  private void line(int depth) {
    out.append('\n').repeat(INDENT, depth);
  }

  private void text(String text) {
    out.append('"');
    text.codePoints().forEach(this::character);
    out.append('"');
  }

  /** Writes a character. Characters that would control a terminal are escaped, too. */
  private void character(int c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append((char) c);
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      default -> {
        if (PrintableText.isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          Character.toString(c).chars()
              .forEach(half -> out.append("\\u").append(HexFormat.of().toHexDigits((short) half)));
        }
      }
    }
  }
}
