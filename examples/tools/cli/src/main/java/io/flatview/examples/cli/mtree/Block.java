package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.LineHead;
import io.flatview.examples.cli.dump.RegionType;
import io.flatview.memory.AddressRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The lines of one tree while they are read, from its headings to the empty line. Not for several threads. */
final class Block {

  private final int line;
  private final List<String> spaces = new ArrayList<>();
  private final Deque<Draft> open = new ArrayDeque<>();
  private String name = "";
  private Draft root;
  private boolean mayLackLines;
  private boolean begun;
  private boolean inLine;

  Block(int line, boolean mayLackLines) {
    this.line = line;
    this.mayLackLines = mayLackLines;
  }

  int line() {
    return line;
  }

  void name(String section) {
    name = section;
  }

  boolean takesSpaces() {
    return !begun && !spaces.isEmpty();
  }

  void space(String space) {
    spaces.add(space);
  }

  /** After a line that could not be read, lines may lack their parents. */
  void beginLine() {
    mayLackLines |= inLine;
    begun = true;
    inLine = true;
  }

  void add(TreeLine tree) {
    while (open.size() >= tree.depth()) {
      open.pop();
    }
    if (mayLackLines && !open.isEmpty() && open.size() + 1 == tree.depth() && !open.peek().canContain()) {
      open.pop();
    }
    if (open.size() + 1 < tree.depth() && !mayLackLines) {
      throw new BadLineException("indented by " + (tree.depth() - open.size()) + " levels more than its parent,"
          + " although the dump shows disabled regions");
    }
    while (open.size() + 1 < tree.depth()) {
      push(Draft.unseen(tree.number(), open.peek(), name));
    }
    push(Draft.of(tree));
    inLine = false;
  }

  private void push(Draft draft) {
    if (open.isEmpty() && root != null) {
      throw new BadLineException("a second root in the tree of line " + line);
    }
    if (open.isEmpty()) {
      root = draft;
    } else {
      open.peek().adopt(draft);
    }
    open.push(draft);
  }

  void finish(List<TreeDocument.Group> groups, List<TreeDocument.Section> sections) {
    if (root == null && begun) {
      return;
    }
    if (root == null) {
      throw new BadLineException("no region follows");
    }
    if (spaces.isEmpty()) {
      sections.add(new TreeDocument.Section(line, name, section()));
    } else {
      groups.add(new TreeDocument.Group(line, spaces, root.finish()));
    }
  }

  private TreeNode section() {
    if (!root.name().equals(name)) {
      throw new BadLineException("the region below is '" + root.name() + "', not '" + name + "'");
    }
    return root.finish();
  }

  /** A line whose children are still being read. */
  private record Draft(TreeLine text, boolean isUnseen, List<Draft> children) {

    static Draft of(TreeLine text) {
      return new Draft(text, false, new ArrayList<>());
    }

    /** Stands where its line would: after the last sibling, or first. */
    static Draft unseen(int number, Draft parent, String name) {
      long first = parent == null ? 0 : parent.lastFirst();
      int priority = parent == null ? 0 : parent.lastPriority();
      LineHead head = new LineHead(new AddressRange(first, -1), priority, false, RegionType.IO);
      return new Draft(new TreeLine(number, 0, head, name, Optional.empty(), true, ""), true, new ArrayList<>());
    }

    String name() {
      return text.name();
    }

    /** Memory could, but no machine has that: a line after it one level deeper lacks its parent. */
    boolean canContain() {
      return text.alias().isEmpty() && text.head().type().mayContain();
    }

    void adopt(Draft child) {
      if (text.alias().isPresent()) {
        throw new BadLineException("stands below an alias, but an alias contains nothing");
      }
      if (Long.compareUnsigned(child.first(), first()) < 0) {
        throw new BadLineException("starts below its parent '" + name() + "' of line " + text.number());
      }
      children.add(child);
    }

    TreeNode finish() {
      return new TreeNode(text.number(), text.head(), text.name(), text.alias(), text.disabled(), text.owner(),
          isUnseen, children.stream().map(Draft::finish).toList());
    }

    private long first() {
      return text.head().range().first();
    }

    private long lastFirst() {
      return children.isEmpty() ? first() : children.getLast().first();
    }

    private int lastPriority() {
      return children.isEmpty() ? Integer.MAX_VALUE : children.getLast().text.head().priority();
    }
  }
}
