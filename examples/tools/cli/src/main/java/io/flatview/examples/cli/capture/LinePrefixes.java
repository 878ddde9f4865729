package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Cuts off what stands before the lines of a map: quotation marks, plus signs, time stamps, names of hosts, numbers.
 *
 * <p>The prefixes are learned from the lines in which the map's own text is found. Prefixes are alike if they differ in
 * numbers and words only. A prefix with words counts if several lines have the like; otherwise the line is prose that
 * happens to show a line of a map.
 */
final class LinePrefixes implements Stage {

  private static final int LONGEST = 200;
  private static final int ENOUGH = 3;
  private static final int MOST_SHAPES = 4;
  private static final Pattern MARKS =
      Pattern.compile("(?:\\(qemu\\)|[\\[{]/?[a-z]+[^\\]}]{0,40}[\\]}]|[^\\p{L}])*+");
  private static final Pattern OVERFLOW = Pattern.compile("\\[DETECTED OVERFLOW!\\] ?");
  private static final Pattern REMOVED = Pattern.compile("[> |]*-(?!-)");
  private static final Pattern ADDED = Pattern.compile("[> |]*\\+(?!\\+)");

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    List<Line> marked = lines.stream().map(line -> overflow(line, notes)).toList();
    int[] starts = marked.stream().mapToInt(line -> MapLine.find(line.text())).toArray();
    boolean diff = hasSides(marked, starts);
    Map<String, Shape> shapes = shapes(marked, starts);
    int most = shapes.values().stream().mapToInt(Shape::lines).max().orElse(0);
    List<Pattern> known = patterns(shapes);
    List<Line> cut = new ArrayList<>(lines.size());
    for (int i = 0; i < starts.length; i++) {
      Line line = marked.get(i);
      int at = starts[i];
      String prefix = at < 0 ? "" : line.text().substring(0, at).stripTrailing();
      if (diff && at >= 0 && REMOVED.matcher(prefix).matches()) {
        notes.add(line.number(), "is removed by the diff: the new side is read, without this line");
      } else if (at >= 0 && !isPrefix(prefix, shapes, most)) {
        prose(line, at, notes);
      } else {
        cut.add(line.with(at < 0 ? withoutShape(line.text(), known) : own(line.text(), prefix, shapes)));
      }
    }
    return cut;
  }

  /** A plus sign takes the place of the blank before lines that are in both sides of a diff. */
  private static String own(String text, String prefix, Map<String, Shape> shapes) {
    if (prefix.isEmpty()) {
      return text;
    }
    return prefix.endsWith("+") ? " " + text.substring(prefix.length())
        : text.substring(prefix.length() + shapes.get(shape(prefix)).blanks());
  }

  private static Line overflow(Line line, Notes notes) {
    if (!line.text().contains("DETECTED OVERFLOW")) {
      return line;
    }
    notes.add(line.number(), "QEMU says that this region reaches beyond 2^64; it is cut off there");
    return line.with(OVERFLOW.matcher(line.text()).replaceFirst(""));
  }

  /** Whether the text is a diff with lines of two maps. */
  private static boolean hasSides(List<Line> lines, int[] starts) {
    return has(lines, starts, REMOVED) && (has(lines, starts, ADDED)
        || lines.stream().anyMatch(line -> line.text().stripLeading().startsWith("@@ ")));
  }

  private static boolean has(List<Line> lines, int[] starts, Pattern side) {
    return IntStream.range(0, starts.length).filter(i -> starts[i] > 0)
        .anyMatch(i -> side.matcher(lines.get(i).text().substring(0, starts[i]).stripTrailing()).matches());
  }

  private static void prose(Line line, int at, Notes notes) {
    if (MapLine.startsRegion(line.text().substring(at))) {
      notes.add(line.number(), "left out: there is text before the range");
    }
  }

  /**
   * Prefixes that are alike.
   *
   * @param lines how many lines of a map have one
   * @param blanks how many blanks follow at least
   */
  private record Shape(int lines, int blanks) {
    Shape with(Shape other) {
      return new Shape(lines + other.lines, Math.min(blanks, other.blanks));
    }
  }

  private static Map<String, Shape> shapes(List<Line> lines, int[] starts) {
    Map<String, Shape> shapes = new HashMap<>();
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] >= 0) {
        String text = lines.get(i).text();
        String prefix = text.substring(0, starts[i]).stripTrailing();
        int blanks = MapLine.blanks(text.substring(prefix.length(), starts[i]));
        shapes.merge(shape(prefix), new Shape(1, blanks), Shape::with);
      }
    }
    return shapes;
  }

  private static boolean isPrefix(String prefix, Map<String, Shape> shapes, int most) {
    int like = shapes.get(shape(prefix)).lines();
    return prefix.length() <= LONGEST
        && (like >= ENOUGH || like * 2 > most || MARKS.matcher(prefix).matches());
  }

  private static String shape(String prefix) {
    return prefix.isEmpty() ? "" : prefix.length() > LONGEST ? "?"
        : prefix.replaceAll("[0-9]+", "0").replaceAll("\\p{L}+", "a").replaceAll("\\s+", " ").strip();
  }

  private static List<Pattern> patterns(Map<String, Shape> shapes) {
    return shapes.entrySet().stream()
        .filter(shape -> !shape.getKey().isEmpty())
        .sorted(Comparator.comparing((Map.Entry<String, Shape> shape) -> -shape.getValue().lines())
            .thenComparing(Map.Entry::getKey))
        .limit(MOST_SHAPES)
        .map(shape -> pattern(shape.getKey(), shape.getValue().blanks()))
        .toList();
  }

  private static Pattern pattern(String shape, int blanks) {
    StringBuilder pattern = new StringBuilder("\\s*+");
    for (char c : shape.toCharArray()) {
      pattern.append(switch (c) {
        case '0' -> "[0-9]++";
        case 'a' -> "\\p{L}++";
        case ' ' -> "\\s*+";
        default -> Pattern.quote(Character.toString(c));
      });
    }
    boolean mark = !Character.isLetterOrDigit(shape.charAt(shape.length() - 1));
    return Pattern.compile(pattern.append(mark ? "" : "(?=\\s|$)").append(" {0," + blanks + "}").toString());
  }

  private static String withoutShape(String text, List<Pattern> known) {
    for (Pattern shape : known) {
      Matcher prefix = shape.matcher(text);
      if (prefix.lookingAt()) {
        return text.substring(prefix.end());
      }
    }
    return text;
  }
}
