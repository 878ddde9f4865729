package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Notes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts off what people write behind a line: comments, arrows, the border of a box. */
final class Remarks {

  private static final Pattern REMARK = Pattern.compile(
      " {2,}\\S.*$| (?:#|//|/\\*|;|--|<-+|<=+|\u2190|\u2014|\u21d0|!!) .*$| <(?:-+|=+)\\S*$");
  private static final Pattern BORDER = Pattern.compile(" *[\u2500-\u257f]+$| +[|*]+$");
  private static final Pattern KNOWN = Pattern.compile(
      "(?<rest>(?: \\[disabled\\])?(?: (?:owner|parent):\\{.*\\}| orphan)?)"
          + "(?<accelerator> (?i:kvm|hvf|whpx|mshv|xen))?");

  private Remarks() {}

  /**
   * Cuts a text.
   *
   * @param text the end of a line, from a name on
   * @param line for the note
   * @param notes gets that something was cut off
   * @return the text without a remark
   */
  static String without(String text, int line, Notes notes) {
    if (text.chars().noneMatch(c -> c == ' ' || c >= 0x2000)) {
      return text;
    }
    String bare = BORDER.matcher(text).replaceFirst("");
    Matcher remark = REMARK.matcher(bare);
    String kept = remark.find() ? bare.substring(0, remark.start()) : bare;
    if (kept.length() < text.length()) {
      notes.add(line, "left out what stands behind the line's own text");
    }
    return kept.stripTrailing();
  }

  /**
   * The remarks that QEMU itself prints behind the window of an alias.
   *
   * @param rest all that stands there
   * @param line for the note
   * @param notes gets that something was cut off
   * @return marks and owner, or nothing
   */
  static String ofAlias(String rest, int line, Notes notes) {
    Matcher known = KNOWN.matcher(rest);
    if (known.lookingAt() && known.end() == rest.length()) {
      return known.group("rest");
    }
    notes.add(line, "left out what stands behind the line's own text");
    Matcher start = KNOWN.matcher(without(rest, line, new Notes()));
    return start.lookingAt() ? start.group("rest") : "";
  }
}
