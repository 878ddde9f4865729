package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Numbers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells the lines of a map from others, wherever in a line they start. */
final class MapLine {

  static final String SPACE = "address-space: ";
  static final String SECTION = "memory-region: ";
  static final String VIEW = "FlatView #";
  static final String OLD_VIEW = "address-space (flat view): ";
  static final String ROOT = "Root memory region: ";
  static final String NOTHING = "No rendered FlatView";

  private static final int LONG = 16;
  private static final int SHORT = 8;
  private static final String DASH = "[-\u2010-\u2015\u2212]";
  private static final String ADDRESS = "(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{8})";

  /** Both addresses have as many digits: one that has fewer was broken. */
  private static final String RANGE = "((?:[0-9a-fA-F]{16}(?=" + DASH + "[0-9a-fA-F]{16})|[0-9a-fA-F]{8}(?=" + DASH
      + "[0-9a-fA-F]{8}(?![0-9a-fA-F]))))" + DASH + "(" + ADDRESS + ")";

  /** A range, a priority and a type; a name and more follow. */
  static final Pattern HEAD = Pattern.compile(
      " *" + RANGE + " ?\\(prio (-?[0-9]{1,12}), ?(nv-)?([^) ]{1,20})\\):(?: |$)");

  private static final String PRIORITY = "(prio ";
  private static final Pattern START = Pattern.compile(" *" + ADDRESS + DASH + "(?![0-9a-fA-F]{17})");
  private static final Pattern BARE_RANGE = Pattern.compile(" *" + ADDRESS + DASH + ADDRESS + "(?![0-9a-fA-F]| ?\\()");
  private static final Pattern HEADING = Pattern.compile(
      "(?<![0-9A-Za-z-])(?:address-space: |memory-region: |FlatView #[0-9]|address-space \\(flat view\\): "
          + "|AS [\"\u201c].*root: |Root memory region: |No rendered FlatView)");

  /** A window of an alias, from the blank before it. */
  static final Pattern WINDOW = Pattern.compile(" " + RANGE + "(?![0-9a-fA-F])");

  private MapLine() {}

  /** Where the map's own text starts in a line; negative if none is in it. */
  static int find(String line) {
    int tree = range(line);
    int heading = mayHead(line) ? first(HEADING, line) : -1;
    return tree < 0 ? heading : heading < 0 ? tree : Math.min(tree, heading);
  }

  /** Where a range starts that has a priority; negative if none does. Most lines have one: a pattern would be slow. */
  private static int range(String line) {
    for (int at = line.indexOf(PRIORITY); at >= 0; at = line.indexOf(PRIORITY, at + 1)) {
      int end = at;
      while (end > 0 && at - end < 2 && line.charAt(end - 1) == ' ') {
        end--;
      }
      int dash = beforeDigits(line, end) - 1;
      int start = dash < 0 || !isDash(line.charAt(dash)) ? -1 : beforeDigits(line, dash);
      if (start == 0 || (start > 0 && !isPartOfWord(line.charAt(start - 1)))) {
        return start;
      }
    }
    return -1;
  }

  /** Where an address starts that ends before a place; negative if none does. */
  private static int beforeDigits(String line, int end) {
    int start = end;
    while (start > 0 && Numbers.isHexDigit(line.charAt(start - 1))) {
      start--;
    }
    return end - start == LONG || end - start == SHORT ? start : -1;
  }

  private static boolean isDash(char c) {
    return c == '-' || (c >= '\u2010' && c <= '\u2015') || c == '\u2212';
  }

  private static boolean isPartOfWord(char c) {
    return c == '@' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean mayHead(String line) {
    return line.contains("address-space") || line.contains("memory") || line.contains("FlatView")
        || line.contains("root: ");
  }

  private static int first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.start() : -1;
  }

  /** Whether a text has a line of a map. */
  static boolean isIn(String text) {
    return text.contains("(prio ") || text.contains(SPACE) || text.contains(SECTION) || text.contains(VIEW);
  }

  /** Whether a line starts, after blanks, as that of a region or a range does, though it may be cut short. */
  static boolean startsRegion(String text) {
    return START.matcher(text).lookingAt();
  }

  /** Whether a line is, after blanks, a range without a priority: the window of an alias. */
  static boolean isWindow(String text) {
    return BARE_RANGE.matcher(text).lookingAt();
  }

  /** Whether a line has its range, its priority and its type. */
  static boolean isRegion(String text) {
    return HEAD.matcher(text).lookingAt();
  }

  /** How many blanks a line starts with. */
  static int blanks(String text) {
    int blanks = 0;
    while (blanks < text.length() && text.charAt(blanks) == ' ') {
      blanks++;
    }
    return blanks;
  }
}
