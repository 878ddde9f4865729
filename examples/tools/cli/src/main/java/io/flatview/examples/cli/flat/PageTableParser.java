package io.flatview.examples.cli.flat;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Cursor;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.memory.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads the part of a view that {@code -d} adds, line by line. Not for several threads. */
final class PageTableParser {

  private static final String SECTION = "      #";
  private static final String NODE = "      [";
  private static final String ENTRY = "\t";
  private static final String HEADER = "    Nodes (";
  private static final String SPLIT_PAGE = "(noname)";
  private static final int NONE = -1;
  private static final int MOST_LEVELS = 64;

  private final List<SortedSet<Integer>> nodes = new ArrayList<>();
  private int root = NONE;
  private int sections;
  private OptionalInt pageSize = OptionalInt.empty();

  void line(String line) {
    if (line.startsWith(SECTION)) {
      section(new Cursor(line));
    } else if (line.startsWith(NODE)) {
      node(new Cursor(line));
    } else if (line.startsWith(ENTRY)) {
      entry(new Cursor(line));
    } else if (line.startsWith(HEADER)) {
      header(new Cursor(line));
    } else if (!line.equals("    Physical sections")) {
      throw new BadLineException("expected a part of the page table, found '" + Numbers.excerpt(line) + "'");
    }
  }

  PageTableText finish() {
    int depth = root == NONE ? 0 : depth(root, 0, new int[nodes.size()]);
    return new PageTableText(sections, nodes.size(), depth, pageSize);
  }

  private void section(Cursor line) {
    line.expect(SECTION);
    line.until(" @");
    long first = line.address();
    line.expect("..");
    AddressRange range = Cursor.range(first, line.address());
    line.expect(" ");
    if (sections > 0 && line.rest().startsWith(SPLIT_PAGE) && Integer.MAX_VALUE > range.last() - range.first()) {
      pageSize = OptionalInt.of((int) (range.last() - range.first()) + 1);
    }
    sections++;
  }

  private void header(Cursor line) {
    line.until("ptr=[");
    int pointer = Numbers.decimal(line.until("] skip="));
    root = line.rest().equals("0") ? NONE : pointer;
  }

  private void node(Cursor line) {
    line.expect(NODE + nodes.size() + "]");
    nodes.add(new TreeSet<>());
  }

  private void entry(Cursor line) {
    line.until("skip=");
    line.until("ptr=");
    if (nodes.isEmpty()) {
      throw new BadLineException("an entry stands before the first node");
    }
    if (line.take("[")) {
      nodes.getLast().add(Numbers.decimal(line.until("]")));
    }
  }

  private int depth(int node, int above, int[] known) {
    if (node < 0 || node >= known.length || above == MOST_LEVELS) {
      throw new BadLineException("the nodes of the page table do not form a tree");
    }
    if (known[node] == 0) {
      known[node] = 1 + nodes.get(node).stream().mapToInt(child -> depth(child, above + 1, known)).max().orElse(0);
    }
    return known[node];
  }
}
