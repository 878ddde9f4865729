package io.flatview.examples.cli.flat;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Cursor;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.LineHead;
import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.examples.cli.dump.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the text of {@code info mtree -f}, with or without {@code -d} and {@code -o}. */
public final class FlatParser {

  private static final String VIEW = "FlatView #";
  private static final String SPACE = " AS \"";
  private static final String SPACE_ROOT = "\", root: ";
  private static final String ROOT = " Root memory region: ";
  private static final String NO_ROOT = "(none)";
  private static final String NOTHING = "  No rendered FlatView";
  private static final String PAGE_TABLE = "  Dispatch";
  private static final int OFFSET_DIGITS = 16;

  private final DumpText text;
  private final Problems problems;
  private final List<FlatDocument.View> views = new ArrayList<>();
  private ViewBuilder current;

  private FlatParser(DumpText text) {
    this.text = text;
    this.problems = new Problems(text.source());
  }

  /**
   * Reads a text.
   *
   * @param text the dump
   * @return what it says
   * @throws io.flatview.examples.cli.dump.DumpException with all problems of the text
   */
  public static FlatDocument parse(DumpText text) {
    return new FlatParser(text).parse();
  }

  /**
   * Whether a text looks like this kind of dump.
   *
   * @param text any dump
   * @return true if its first line starts a view
   */
  public static boolean recognizes(DumpText text) {
    return text.first().startsWith(VIEW);
  }

  private FlatDocument parse() {
    text.requireEnd(problems);
    text.lines().forEach(line -> problems.guard(line.number(), () -> line(line.number(), line.text())));
    if (current != null) {
      problems.add(text.end(), "the view of line " + current.line + " is not ended by an empty line:"
          + " the dump was cut off");
    }
    problems.throwIfAny();
    return new FlatDocument(views);
  }

  private void line(int number, String line) {
    if (line.isEmpty()) {
      finish();
    } else if (line.startsWith(VIEW)) {
      begin(number);
    } else if (current == null) {
      throw new BadLineException("expected '" + VIEW + "', found '" + Numbers.excerpt(line) + "'");
    } else {
      current.line(line);
    }
  }

  private void begin(int number) {
    boolean open = current != null;
    finish();
    current = new ViewBuilder(number);
    if (open) {
      throw new BadLineException("the view before is not ended by an empty line");
    }
  }

  private void finish() {
    ViewBuilder done = current;
    current = null;
    if (done != null) {
      views.add(done.finish());
    }
  }

  private static final class ViewBuilder {
    private final int line;
    private final List<String> spaces = new ArrayList<>();
    private final List<String> roots = new ArrayList<>();
    private final List<ViewRange> ranges = new ArrayList<>();
    private String root = "";
    private boolean empty;
    private PageTableParser pageTable;

    ViewBuilder(int line) {
      this.line = line;
    }

    void line(String line) {
      if (pageTable != null) {
        pageTable.line(line);
      } else if (line.startsWith(SPACE)) {
        space(line);
      } else if (line.startsWith(ROOT)) {
        root = line.substring(ROOT.length());
      } else if (line.equals(PAGE_TABLE)) {
        pageTable = new PageTableParser();
      } else if (line.equals(NOTHING)) {
        empty = true;
      } else {
        ranges.add(range(line));
      }
    }

    FlatDocument.View finish() {
      if (spaces.isEmpty() || root.isEmpty()) {
        throw new BadLineException("the view of line " + line + " names no address space or no root");
      }
      if (ranges.isEmpty() != empty) {
        throw new BadLineException(
            "the view of line " + line + " must have either ranges or '" + NOTHING.strip() + "'");
      }
      Optional<PageTableText> table = Optional.ofNullable(pageTable).map(PageTableParser::finish);
      return new FlatDocument.View(line, spaces, roots, rootName(), ranges, table);
    }

    private Optional<String> rootName() {
      return root.equals(NO_ROOT) ? Optional.empty() : Optional.of(root);
    }

    private void space(String line) {
      int end = line.lastIndexOf(SPACE_ROOT);
      if (end < SPACE.length()) {
        throw new BadLineException("expected '" + SPACE_ROOT + "' after the name of the address space");
      }
      spaces.add(line.substring(SPACE.length(), end));
      roots.add(line.substring(end + SPACE_ROOT.length()));
    }

    private static ViewRange range(String line) {
      Cursor cursor = new Cursor(line);
      cursor.expect("  ");
      LineHead head = LineHead.read(cursor);
      String body = LineTail.of(cursor.rest()).body();
      int nameEnd = nameEnd(body);
      long offset = nameEnd == body.length() ? 0 : Numbers.hex(body.substring(nameEnd + 2));
      return new ViewRange(head.range(), head.type().label(head.nonVolatile()), body.substring(0, nameEnd), offset,
          OptionalInt.of(head.priority()));
    }

    private static int nameEnd(String body) {
      int end = body.length() - OFFSET_DIGITS - 2;
      boolean offset = end >= 0
          && body.startsWith(" @", end)
          && body.chars().skip(end + 2L).allMatch(Numbers::isHexDigit);
      return offset ? end : body.length();
    }
  }
}
