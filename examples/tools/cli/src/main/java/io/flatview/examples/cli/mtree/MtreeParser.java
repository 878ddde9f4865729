package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.examples.cli.dump.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the text of {@code info mtree}.
 *
 * <p>Without {@code -D}, QEMU leaves out the lines of disabled regions, but not what they contain: such lines stand
 * two or more levels deeper than the line above. Each missing level becomes a region that is {@linkplain
 * TreeNode#unseen unseen}.
 *
 * <p>A dump ends every tree with an empty line, so a last tree without one was cut off. Text that went through other
 * hands may have lost all empty lines; a heading then ends the tree before it, and the end of the file the last one.
 */
public final class MtreeParser {

  private static final String SPACE = "address-space: ";
  private static final String SECTION = "memory-region: ";

  private final DumpText text;
  private final Problems problems;
  private final TreeLineParser lines;
  private final boolean mayLackLines;
  private final List<TreeDocument.Group> groups = new ArrayList<>();
  private final List<TreeDocument.Section> sections = new ArrayList<>();
  private Block block;
  private boolean emptyLinesLeftOut;

  private MtreeParser(DumpText text) {
    this.text = text;
    this.problems = new Problems(text.source());
    this.lines = new TreeLineParser(targetNames(text));
    this.mayLackLines = !marksDisabled(text);
  }

  /**
   * Whether a text looks like this kind of dump.
   *
   * @param text any dump
   * @return true if its first line that is not empty starts a tree
   */
  public static boolean recognizes(DumpText text) {
    String first = text.lines().stream().map(Line::text).filter(line -> !line.isEmpty()).findFirst().orElse("");
    return first.startsWith(SPACE) || first.startsWith(SECTION);
  }

  /**
   * Reads a text.
   *
   * @param text the dump
   * @return what it says, line by line
   * @throws io.flatview.examples.cli.dump.DumpException with all problems of the text
   */
  public static TreeDocument parse(DumpText text) {
    return new MtreeParser(text).parse();
  }

  private static Set<String> targetNames(DumpText text) {
    return text.lines().stream()
        .map(Line::text)
        .filter(line -> line.startsWith(SECTION))
        .map(line -> line.substring(SECTION.length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean marksDisabled(DumpText text) {
    return text.lines().stream().anyMatch(line -> LineTail.of(line.text()).disabled());
  }

  private TreeDocument parse() {
    text.lines().forEach(line -> problems.guard(line.number(), () -> line(line.number(), line.text())));
    if (emptyLinesLeftOut) {
      finish();
    } else {
      requireEnd();
    }
    problems.throwIfAny();
    return new TreeDocument(text.source(), groups, sections);
  }

  private void requireEnd() {
    text.requireEnd(problems);
    if (block != null) {
      problems.add(text.end(), "the tree of line " + block.line() + " is not ended by an empty line:"
          + " the dump was cut off");
    }
  }

  private void line(int number, String line) {
    if (line.isEmpty()) {
      finish();
    } else if (line.startsWith(SPACE)) {
      space(number, line.substring(SPACE.length()));
    } else if (line.startsWith(SECTION)) {
      begin(number).name(line.substring(SECTION.length()));
    } else if (block != null) {
      block.beginLine();
      block.add(lines.parse(number, line));
    } else {
      throw new BadLineException("expected '" + SPACE + "', '" + SECTION + "' or an empty line, found '"
          + Numbers.excerpt(line) + "'");
    }
  }

  private void space(int number, String name) {
    if (block == null || !block.takesSpaces()) {
      begin(number);
    }
    block.space(name);
  }

  private Block begin(int number) {
    if (block != null) {
      emptyLinesLeftOut = true;
      finish();
    }
    block = new Block(number, mayLackLines);
    return block;
  }

  private void finish() {
    Block done = block;
    block = null;
    if (done != null) {
      problems.guard(done.line(), () -> done.finish(groups, sections));
    }
  }
}
