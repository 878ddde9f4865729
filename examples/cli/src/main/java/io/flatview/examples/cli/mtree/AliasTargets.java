package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.mtree.TreeNode.AliasText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds the section that each alias line shows.
 *
 * <p>A name alone does not tell where several sections have it. What helps is their order: QEMU appends a section
 * when it prints the first alias that shows it. So, from the top, each alias line either refers to a section that was
 * opened by one above, or opens the next one. Of all ways to read the lines like that, this takes one with the least
 * disagreement: an alias has the type of its target, nearly always its owner, and seldom a window that is larger. A
 * section that no line opens is possible, since the line of a disabled alias may be missing, but is the last resort.
 *
 * <p>That is a shortest path over states (lines read, sections opened).
 */
final class AliasTargets {

  private static final int OTHER_TYPE = 64;
  private static final int OTHER_OWNER = 4;
  private static final int LARGE_WINDOW = 1;
  private static final int NOT_OPENED = 1_000;
  private static final int UNREACHED = Integer.MAX_VALUE;
  private static final int SKIPPED = -1;
  private static final long MOST_STATES = 8_000_000;

  private final Forest forest;
  private final int[] aliases;
  private final List<Integer> sections;
  private final Map<String, int[]> sectionsByName = new HashMap<>();

  private AliasTargets(Forest forest) {
    this.forest = forest;
    this.aliases = IntStream.range(0, forest.size()).filter(line -> forest.text(line).alias().isPresent()).toArray();
    this.sections = forest.sectionRoots();
    for (int section = 0; section < sections.size(); section++) {
      sectionsByName.merge(forest.text(sections.get(section)).name(), new int[] {section}, AliasTargets::join);
    }
  }

  /**
   * Finds all targets.
   *
   * @return for each line of the forest the number of a section, or {@link Forest#NONE} if it is no alias
   */
  static int[] find(Forest forest, String source) {
    AliasTargets targets = new AliasTargets(forest);
    if (targets.sectionsByName.size() == targets.sections.size()) {
      return targets.spread(targets.byName());
    }
    if ((targets.aliases.length + 1L) * (targets.sections.size() + 1L) > MOST_STATES) {
      throw Problems.fatal(source, 0, targets.aliases.length + " aliases of " + targets.sections.size()
          + " targets, some with the same name, are too many to tell apart");
    }
    return targets.spread(targets.byOrder());
  }

  private static int[] join(int[] some, int[] more) {
    int[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private int[] spread(int[] chosen) {
    int[] byLine = new int[forest.size()];
    Arrays.fill(byLine, Forest.NONE);
    for (int alias = 0; alias < aliases.length; alias++) {
      byLine[aliases[alias]] = chosen[alias];
    }
    return byLine;
  }

  private int[] byName() {
    return Arrays.stream(aliases).map(line -> named(line)[0]).toArray();
  }

  private int[] named(int line) {
    return sectionsByName.get(alias(line).target());
  }

  private AliasText alias(int line) {
    return forest.text(line).alias().orElseThrow();
  }

  private int[] byOrder() {
    int[][] cost = new int[aliases.length + 1][sections.size() + 1];
    int[][] choice = new int[aliases.length + 1][sections.size() + 1];
    for (int[] row : cost) {
      Arrays.fill(row, UNREACHED);
    }
    cost[0][0] = 0;
    for (int read = 0; read <= aliases.length; read++) {
      for (int opened = 0; opened <= sections.size(); opened++) {
        if (cost[read][opened] != UNREACHED) {
          step(cost, choice, read, opened);
        }
      }
    }
    return traceBack(choice);
  }

  private void step(int[][] cost, int[][] choice, int read, int opened) {
    int soFar = cost[read][opened];
    if (opened < sections.size()) {
      relax(cost, choice, read, opened + 1, soFar + NOT_OPENED, SKIPPED);
    }
    if (read == aliases.length) {
      return;
    }
    int line = aliases[read];
    for (int section : named(line)) {
      if (section <= opened) {
        int opens = section == opened ? 1 : 0;
        relax(cost, choice, read + 1, opened + opens, soFar + disagreement(line, section), section << 1 | opens);
      }
    }
  }

  private static void relax(int[][] cost, int[][] choice, int read, int opened, int total, int how) {
    if (total < cost[read][opened]) {
      cost[read][opened] = total;
      choice[read][opened] = how;
    }
  }

  private int[] traceBack(int[][] choice) {
    int[] chosen = new int[aliases.length];
    int opened = sections.size();
    for (int read = aliases.length; read > 0; ) {
      int how = choice[read][opened];
      if (how == SKIPPED) {
        opened--;
      } else {
        chosen[--read] = how >> 1;
        opened -= how & 1;
      }
    }
    return chosen;
  }

  private int disagreement(int line, int section) {
    TreeNode alias = forest.text(line);
    TreeNode target = forest.text(sections.get(section));
    boolean owners = !alias.owner().isEmpty() && !target.owner().isEmpty() && !alias.owner().equals(target.owner());
    long length = target.head().range().last() - target.first();
    return (alias.head().type() == target.head().type() ? 0 : OTHER_TYPE)
        + (owners ? OTHER_OWNER : 0)
        + (Long.compareUnsigned(alias(line).window().last(), length) > 0 ? LARGE_WINDOW : 0);
  }
}
