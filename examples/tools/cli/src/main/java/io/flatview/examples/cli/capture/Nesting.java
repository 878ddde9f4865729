package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Finds out which regions contain which where a text has lost its indentation. */
final class Nesting {

  private Nesting() {}

  /** Indents the lines anew if none is indented more than another, and the first region of each tree has the others. */
  static void restore(List<Block> blocks, Notes notes) {
    boolean flat = blocks.stream().anyMatch(block -> block.regions.size() > 1)
        && blocks.stream().allMatch(Nesting::isFlat);
    if (flat) {
      notes.add(blocks.getFirst().line(),
          "the lines are not indented; regions are taken to contain what lies in their ranges");
      blocks.forEach(Nesting::nest);
    }
  }

  private static boolean isFlat(Block block) {
    RegionLine root = block.regions.getFirst();
    return block.regions.stream().skip(1)
        .allMatch(region -> region.blanks() == root.blanks() && root.holds(region));
  }

  private static void nest(Block block) {
    Deque<RegionLine> open = new ArrayDeque<>();
    block.regions.replaceAll(region -> {
      while (open.size() > 1 && !open.peek().holds(region)) {
        open.pop();
      }
      RegionLine nested = region.withBlanks(2 * open.size());
      open.push(nested);
      return nested;
    });
  }
}
