package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Cursor;
import io.flatview.examples.cli.dump.LineHead;
import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.mtree.TreeNode.AliasText;
import io.flatview.memory.AddressRange;
import java.util.Optional;
import java.util.Set;

/**
 * Reads single lines of a tree. Names may hold blanks and {@code @}, so a line is read from both ends, and the target
 * of an alias is told from its name with the help of the targets that the dump has.
 */
final class TreeLineParser {

  private static final int INDENT = 2;
  private static final int DEEPEST = 256;
  private static final String ALIAS = "alias ";
  private static final String AT = " @";
  private static final int WINDOW_LENGTH = 33;

  private final Set<String> targets;

  TreeLineParser(Set<String> targets) {
    this.targets = targets;
  }

  TreeLine parse(int number, String line) {
    Cursor cursor = new Cursor(line);
    int depth = depth(cursor.blanks());
    LineHead head = LineHead.read(cursor);
    LineTail tail = LineTail.of(cursor.rest());
    int windowAt = windowAt(tail.body());
    return windowAt < 0
        ? new TreeLine(number, depth, head, tail.body(), Optional.empty(), tail.disabled(), tail.owner())
        : alias(number, depth, head, tail, windowAt);
  }

  private TreeLine alias(int number, int depth, LineHead head, LineTail tail, int windowAt) {
    AddressRange window = new Cursor(tail.body().substring(windowAt + 1)).range();
    if (window.last() - window.first() != head.range().last() - head.range().first()) {
      throw new BadLineException("the window " + window + " is not as long as the range " + head.range());
    }
    String names = tail.body().substring(ALIAS.length(), windowAt);
    int at = split(names);
    AliasText text = new AliasText(names.substring(at + AT.length()), window);
    return new TreeLine(number, depth, head, names.substring(0, at), Optional.of(text), tail.disabled(), tail.owner());
  }

  private static int depth(int blanks) {
    if (blanks % INDENT != 0 || blanks == 0) {
      throw new BadLineException("indented by " + blanks + " blanks; each level takes " + INDENT);
    }
    if (blanks / INDENT > DEEPEST) {
      throw new BadLineException("indented by " + blanks + " blanks: deeper than " + DEEPEST + " levels");
    }
    return blanks / INDENT;
  }

  /** Where the blank before the window of an alias stands; -1 if the line is that of no alias. */
  private static int windowAt(String body) {
    int at = body.length() - WINDOW_LENGTH - 1;
    boolean alias = body.startsWith(ALIAS)
        && at > ALIAS.length()
        && body.substring(at).matches(" [0-9a-fA-F]{16}-[0-9a-fA-F]{16}")
        && body.substring(0, at).contains(AT);
    return alias ? at : -1;
  }

  private int split(String names) {
    for (int at = names.indexOf(AT); at >= 0; at = names.indexOf(AT, at + 1)) {
      if (targets.contains(names.substring(at + AT.length()))) {
        return at;
      }
    }
    String target = names.substring(names.indexOf(AT) + AT.length());
    throw new BadLineException("the dump has no 'memory-region: " + target + "', which this alias shows");
  }
}
