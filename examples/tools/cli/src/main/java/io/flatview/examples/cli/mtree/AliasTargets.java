package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.Effort;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.mtree.TreeNode.AliasText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds the section that each alias line shows.
 *
 * <p>A name alone does not tell where several sections have it. Their order helps: QEMU appends a section when it
 * prints the first alias that shows it. So, from the top, each alias line either refers to a section that was opened by
 * one above, or opens the next one. Of all ways to read the lines like that, this takes one with the least
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

  /** The factor by which a step here is cheaper than one of rendering. */
  private static final int STATES_PER_REGION = 40;

  private final Forest forest;
  private final int[] aliases;
  private final List<Integer> sections;
  private final Map<String, int[]> sectionsByName = new HashMap<>();

  private AliasTargets(Forest forest) {
    this.forest = forest;
    this.aliases = IntStream.range(0, forest.size()).filter(line -> forest.text(line).alias().isPresent()).toArray();
    this.sections = forest.sectionRoots();
    Map<String, List<Integer>> byName = new HashMap<>();
    for (int section = 0; section < sections.size(); section++) {
      byName.computeIfAbsent(forest.text(sections.get(section)).name(), _ -> new ArrayList<>()).add(section);
    }
    byName.forEach((name, named) ->
        sectionsByName.put(name, named.stream().mapToInt(Integer::intValue).toArray()));
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
    if ((targets.aliases.length + 1L) * (targets.sections.size() + 1L) > STATES_PER_REGION * (long) Effort.limit()) {
      throw Problems.fatal(source, 0, targets.aliases.length + " aliases of " + targets.sections.size()
          + " targets, some with the same name, are too many to tell apart; " + Effort.CURE);
    }
    return targets.spread(targets.byOrder());
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
    int[][] choice = new int[aliases.length + 1][sections.size() + 1];
    int[] cost = unreached();
    cost[0] = 0;
    skip(cost, choice[0]);
    for (int read = 0; read < aliases.length; read++) {
      int[] next = unreached();
      read(aliases[read], cost, next, choice[read + 1]);
      skip(next, choice[read + 1]);
      cost = next;
    }
    return traceBack(choice);
  }

  private int[] unreached() {
    int[] cost = new int[sections.size() + 1];
    Arrays.fill(cost, UNREACHED);
    return cost;
  }

  private void skip(int[] cost, int[] choice) {
    for (int opened = 0; opened < sections.size(); opened++) {
      if (cost[opened] != UNREACHED) {
        relax(cost, choice, opened + 1, cost[opened] + NOT_OPENED, SKIPPED);
      }
    }
  }

  /** From each number of opened sections, an alias shows the best of its name among these, or opens the next. */
  private void read(int line, int[] cost, int[] after, int[] choice) {
    int[] named = named(line);
    int behind = 0;
    int best = -1;
    int least = UNREACHED;
    for (int opened = 0; opened <= sections.size(); opened++) {
      for (; behind < named.length && named[behind] < opened; behind++) {
        int disagreement = disagreement(line, named[behind]);
        best = disagreement < least ? named[behind] : best;
        least = Math.min(least, disagreement);
      }
      if (cost[opened] != UNREACHED && best >= 0) {
        relax(after, choice, opened, cost[opened] + least, best << 1);
      }
      if (cost[opened] != UNREACHED && behind < named.length && named[behind] == opened) {
        relax(after, choice, opened + 1, cost[opened] + disagreement(line, opened), opened << 1 | 1);
      }
    }
  }

  private static void relax(int[] cost, int[] choice, int opened, int total, int how) {
    if (total < cost[opened]) {
      cost[opened] = total;
      choice[opened] = how;
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
