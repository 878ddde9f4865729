package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins lines that were broken at some width.
 *
 * <p>A line of a region that lacks its end is continued by the next one. A line that could be whole, but whose name
 * goes on, is continued where the next word would not have found room: as wide as the text is where lines are known to
 * be broken.
 */
final class Wrapping implements Stage {

  private static final int MOST_PIECES = 12;
  private static final Pattern BROKEN_NUMBER = Pattern.compile("[0-9a-fA-F]{1,15}$");
  private static final Pattern BROKEN_RANGE = Pattern.compile("[0-9a-fA-F]{8,16}[-\u2010-\u2015\u2212]$");
  private static final Pattern GOES_ON = Pattern.compile("[-0-9a-fA-F\u2010-\u2015\u2212].*");
  private static final Pattern TAIL = Pattern.compile("(?:owner:\\{|parent:\\{|\\[disabled\\]).*");
  private static final Pattern OFFSET = Pattern.compile("@[0-9a-fA-F]{16}.*");
  private static final Pattern TARGET = Pattern.compile("@\\S+.*");
  private static final Pattern APART = Pattern.compile("[@(]");
  private static final Pattern APART_BEHIND = Pattern.compile("(?:[,:]|: alias)$");
  private static final Pattern ASIDE = Pattern.compile("\\(qemu\\).*|```.*|\\[?\\.\\.\\..*|\u2026.*|[<\\[{].*");

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    Width width = Width.of(lines);
    List<Line> joined = new ArrayList<>(lines.size());
    Logical open = null;
    for (Line line : lines) {
      if (open != null && open.pieces < MOST_PIECES && goesOn(open, line.text(), width)) {
        open = open.with(line.text(), width);
        notes.add(open.line.number(), "was broken into several lines; they are joined");
      } else {
        if (open != null) {
          joined.add(open.line);
        }
        open = new Logical(line, line.text(), 1);
      }
    }
    if (open != null) {
      joined.add(open.line);
    }
    return joined;
  }

  /** A line so far, and the last of its pieces. */
  private record Logical(Line line, String last, int pieces) {
    Logical with(String piece, Width width) {
      return new Logical(line.with(join(this, width.hard ? piece : piece.stripLeading(), width)), piece, pieces + 1);
    }
  }

  /**
   * Where lines are known to be broken.
   *
   * @param longest the longest line of a map, where one is known to be broken; otherwise no limit
   * @param brokenAt the longest line that is broken
   * @param hard whether all that are broken are so long, as a terminal does it; a blank at the end may be lost
   */
  private record Width(int longest, int brokenAt, boolean hard) {
    static Width of(List<Line> lines) {
      int longest = 0;
      int shortest = Integer.MAX_VALUE;
      int brokenAt = -1;
      for (int i = 0; i < lines.size(); i++) {
        String text = lines.get(i).text();
        longest = text.length() > longest && MapLine.startsRegion(text) ? text.length() : longest;
        if (i + 1 < lines.size() && isBroken(text, lines.get(i + 1).text())) {
          shortest = Math.min(shortest, text.length());
          brokenAt = Math.max(brokenAt, text.length());
        }
      }
      return new Width(brokenAt < 0 ? Integer.MAX_VALUE : longest, brokenAt, brokenAt - shortest <= 1);
    }
  }

  private static boolean isBroken(String text, String next) {
    return isRest(text, next) && MapLine.startsRegion(text)
        && (isIncomplete(text) || isAlias(text, next.stripLeading()));
  }

  private static boolean goesOn(Logical open, String next, Width width) {
    String text = open.line.text();
    if (!isRest(text, next) || !MapLine.startsRegion(text)) {
      return false;
    }
    String rest = next.stripLeading();
    return isIncomplete(text) || isAlias(text, rest) || TAIL.matcher(rest).matches() || OFFSET.matcher(rest).matches()
        || (width.longest < Integer.MAX_VALUE && open.last.length() + 1L + firstWord(rest) > width.longest);
  }

  /** Whether a line ends within the names of an alias, and the next has the rest of them. */
  private static boolean isAlias(String text, String rest) {
    Matcher head = MapLine.HEAD.matcher(text);
    return (TARGET.matcher(rest).matches() || MapLine.WINDOW.matcher(rest).find())
        && head.lookingAt() && text.startsWith("alias ", head.end())
        && !MapLine.WINDOW.matcher(text).find(head.end() - 1);
  }

  /** Whether a line could be the rest of another. */
  private static boolean isRest(String text, String next) {
    return !next.isBlank() && MapLine.find(next) < 0 && !ASIDE.matcher(next.stripLeading()).matches()
        && (!MapLine.startsRegion(next) || !isRegionBegun(text) || (lacksWindow(text) && MapLine.isWindow(next)));
  }

  private static boolean isRegionBegun(String text) {
    return text.contains("(prio") || !BROKEN_RANGE.matcher(text).find();
  }

  private static int firstWord(String text) {
    int end = text.indexOf(' ');
    return end < 0 ? text.length() : end;
  }

  /** Whether a line of a region cannot be whole. */
  static boolean isIncomplete(String text) {
    if (!MapLine.startsRegion(text)) {
      return false;
    }
    return !MapLine.isRegion(text) || text.endsWith("):") || lacksWindow(text)
        || text.lastIndexOf(":{") > text.lastIndexOf('}');
  }

  private static boolean lacksWindow(String text) {
    Matcher head = MapLine.HEAD.matcher(text);
    return head.lookingAt() && AliasBody.lacksWindow(text.substring(head.end()));
  }

  private static String join(Logical open, String rest, Width width) {
    String text = open.line.text();
    String apart = text + " " + rest.stripLeading();
    String together = text + rest;
    if (APART.matcher(rest.stripLeading()).lookingAt() || APART_BEHIND.matcher(text).find()) {
      return rest.startsWith(" ") ? together : apart;
    }
    if (isWhole(apart) != isWhole(together)) {
      return isWhole(apart) ? apart : together;
    }
    boolean number = BROKEN_RANGE.matcher(text).find() || isBrokenNumber(text, rest);
    return number || (width.hard && width.brokenAt == open.last.length()) ? together : apart;
  }

  private static boolean isBrokenNumber(String text, String rest) {
    Matcher end = BROKEN_NUMBER.matcher(text);
    return GOES_ON.matcher(rest).matches() && !MapLine.isRegion(text) && end.find() && end.end() - end.start() != 8;
  }

  private static boolean isWhole(String text) {
    Matcher head = MapLine.HEAD.matcher(text);
    return head.lookingAt() && !isIncomplete(text) && !isAlias(text, "@target")
        && AliasBody.fits(text.substring(head.end()), head.group(1), head.group(2));
  }
}
