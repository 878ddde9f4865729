package io.flatview.examples.cli.capture;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target of an alias, as its line has it behind the type: {@code alias NAME @TARGET WINDOW} and more.
 *
 * @param name of the alias
 * @param target the name of what it shows
 * @param first the first offset of its window, as written
 * @param last the last one
 * @param rest the text behind the window
 */
record AliasBody(String name, String target, String first, String last, String rest) {

  private static final String ALIAS = "alias ";
  private static final String AT = " @";
  private static final Pattern PARTIAL_WINDOW =
      Pattern.compile(" [0-9a-fA-F]{1,16}(?:[-\u2010-\u2015\u2212][0-9a-fA-F]{0,16})?$");

  /**
   * Reads it.
   *
   * @param body behind the type
   * @param lo the first address of the line, as written
   * @param hi the last one
   * @param targets the names that are known; they tell where a name ends that has the sign of a target in it
   * @return what it says, or null if it is that of no alias
   */
  static AliasBody of(String body, String lo, String hi, Set<String> targets) {
    if (!body.startsWith(ALIAS) || !body.contains(AT)) {
      return null;
    }
    Matcher window = window(body, lo, hi);
    if (window == null || window.start() < ALIAS.length()) {
      return null;
    }
    String names = body.substring(ALIAS.length(), window.start());
    int at = split(names, targets);
    return at < 0 ? null : new AliasBody(names.substring(0, at), names.substring(at + AT.length()), window.group(1),
        window.group(2), body.substring(window.end()));
  }

  /** The first window that is as long as the line's own range; otherwise the last that there is. */
  private static Matcher window(String body, String lo, String hi) {
    Matcher windows = MapLine.WINDOW.matcher(body);
    int last = -1;
    while (windows.find()) {
      last = windows.start();
      if (body.lastIndexOf(AT, last) > 0 && length(windows.group(1), windows.group(2)) == length(lo, hi)) {
        return windows;
      }
    }
    return last >= 0 && windows.find(last) ? windows : null;
  }

  private static long length(String lo, String hi) {
    return Long.parseUnsignedLong(hi, 16) - Long.parseUnsignedLong(lo, 16);
  }

  private static int split(String names, Set<String> targets) {
    for (int at = names.indexOf(AT); at >= 0; at = names.indexOf(AT, at + 1)) {
      if (targets.contains(names.substring(at + AT.length()))) {
        return at;
      }
    }
    return names.indexOf(AT);
  }

  /** Whether this is the text of an alias that ends before its window does. */
  static boolean lacksWindow(String body) {
    boolean alias = body.startsWith(ALIAS) || ALIAS.strip().equals(body);
    return alias && !MapLine.WINDOW.matcher(body).find()
        && (body.contains(AT) || body.length() <= ALIAS.length() || PARTIAL_WINDOW.matcher(body).find());
  }

  /** Whether this is no alias, or one whose window is as long as the line's own range. */
  static boolean fits(String body, String lo, String hi) {
    AliasBody alias = of(body, lo, hi, Set.of());
    return alias == null || length(alias.first, alias.last) == length(lo, hi);
  }

  /** As QEMU prints it, without what stands behind. */
  String canonical() {
    return ALIAS + name + AT + target + " " + Addresses.wide(first) + "-" + Addresses.wide(last);
  }
}
