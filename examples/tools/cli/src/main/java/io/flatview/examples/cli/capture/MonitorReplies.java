package io.flatview.examples.cli.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.flatview.examples.cli.dump.Notes;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a map out of what a program wrote around it: the reply of QEMU's monitor in JSON, what Python prints of one, or
 * a log whose lines are JSON.
 */
final class MonitorReplies {

  private static final List<String> NAMES =
      List.of("return", "log", "msg", "message", "MESSAGE", "output", "stdout", "text");
  private static final Pattern VALUE =
      Pattern.compile("([\"'])(?:" + String.join("|", NAMES) + ")\\1\\s*:\\s*u?(?=[\"'])");

  private static final JsonFactory LENIENT = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
      .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
      .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
      .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
      .build();

  private MonitorReplies() {}

  /**
   * Opens replies.
   *
   * @param text any text
   * @param notes gets that a reply is cut off
   * @return what the replies say, or the text if they hold no map
   */
  static String open(String text, Notes notes) {
    if (NAMES.stream().noneMatch(name -> text.contains(name + '"') || text.contains(name + '\''))) {
      return text;
    }
    StringBuilder said = new StringBuilder();
    Matcher value = VALUE.matcher(text);
    boolean found = false;
    for (int at = 0; value.find(at); ) {
      int end = closing(text, value.end());
      String reply = read(text, value.end(), end, notes);
      found |= MapLine.isIn(reply);
      said.append(reply).append(reply.endsWith("\n") ? "" : "\n");
      at = Math.min(end + 1, text.length());
    }
    return found ? said.toString() : text;
  }

  /** Where the text that starts with a quotation mark ends with the same; the end of everything if it does not. */
  private static int closing(String text, int start) {
    char mark = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == mark) {
        return i;
      }
    }
    return text.length();
  }

  private static String read(String text, int start, int end, Notes notes) {
    boolean cut = end >= text.length();
    if (cut) {
      notes.add(0, "the reply is cut off");
    }
    String literal = cut ? text.substring(start).replaceAll("\\\\[^\\\\]{0,5}$", "") + text.charAt(start)
        : text.substring(start, end + 1);
    try (JsonParser parser = LENIENT.createParser(literal)) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    } catch (IOException e) {
      notes.add(0, "a reply cannot be read");
      return "";
    }
  }
}
