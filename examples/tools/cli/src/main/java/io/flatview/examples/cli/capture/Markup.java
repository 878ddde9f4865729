package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes out the tags of a web page, and puts characters in place of their names. */
final class Markup implements Stage {

  private static final Pattern SIGN = Pattern.compile(
      "(?i)</?(?:pre|code|br|p|div|span|html|body|td|tr|tt|table|font|li)(?:\\s[^<>]*)?/?>|&(?:lt|gt|amp|nbsp|quot);");
  private static final Pattern BREAK = Pattern.compile("(?i)<br\\s*/?>|</(?:p|div|tr|li|h\\d)>");
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]*>|<!--[^<>]*-->|<![A-Za-z][^<>]*>");
  private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});");
  private static final Map<String, String> CHARACTERS = Map.of(
      "lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'", "nbsp", " ", "ndash", "-", "minus", "-");

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    boolean page = lines.stream()
        .map(Line::text)
        .anyMatch(text -> (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) && SIGN.matcher(text).find());
    return page ? lines.stream().flatMap(line -> plain(line).stream()).toList() : lines;
  }

  private static List<Line> plain(Line line) {
    String text = line.text();
    if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
      return List.of(line);
    }
    List<Line> plain = new ArrayList<>();
    String[] parts = BREAK.split(text, -1);
    for (int i = 0; i < parts.length; i++) {
      if (i == 0 || i < parts.length - 1 || !parts[i].isEmpty()) {
        plain.add(new Line(line.number(), named(TAG.matcher(parts[i]).replaceAll(""))));
      }
    }
    return plain;
  }

  private static String named(String text) {
    return text.indexOf('&') < 0 ? text : ENTITY.matcher(text)
        .replaceAll(entity -> Matcher.quoteReplacement(character(entity.group(), entity.group(1))));
  }

  private static String character(String entity, String name) {
    if (name.charAt(0) != '#') {
      return CHARACTERS.getOrDefault(name, entity);
    }
    boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
    int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
    return Character.isValidCodePoint(code) ? Character.toString(code) : entity;
  }
}
