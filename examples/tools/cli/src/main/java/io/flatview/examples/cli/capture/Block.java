package io.flatview.examples.cli.capture;

import java.util.ArrayList;
import java.util.List;

/** Headings, and the lines of regions below them. Not for several threads. */
final class Block {

  /**
   * A heading.
   *
   * @param line the number of the line, from 1
   * @param isSpace whether it names an address space; otherwise the target of an alias
   * @param name that it gives
   */
  record Heading(int line, boolean isSpace, String name) {
    String text() {
      return (isSpace ? MapLine.SPACE : MapLine.SECTION) + name;
    }
  }

  final List<Heading> headings;
  final List<RegionLine> regions = new ArrayList<>();

  Block(List<Heading> headings) {
    this.headings = new ArrayList<>(headings);
  }

  int line() {
    return headings.isEmpty() ? regions.getFirst().line() : headings.getFirst().line();
  }

  /** The smallest indentation. */
  int least() {
    return regions.stream().mapToInt(RegionLine::blanks).min().orElse(0);
  }

  /** Whether the first line, and no other, has the smallest indentation, and that is so large. */
  boolean hasRootAt(int blanks) {
    return regions.getFirst().blanks() == blanks
        && regions.stream().filter(region -> region.blanks() <= blanks).count() == 1;
  }

  boolean isSection() {
    return !headings.isEmpty() && !headings.getFirst().isSpace;
  }

  String name() {
    return headings.getFirst().name;
  }

  /** Cuts the block before each line with an indentation, save the first; the rest lacks its heading. */
  List<Block> splitAt(int blanks) {
    List<Block> pieces = new ArrayList<>();
    Block piece = new Block(headings);
    boolean root = false;
    for (RegionLine region : regions) {
      if (region.blanks() <= blanks && root) {
        pieces.add(piece);
        piece = new Block(List.of());
      }
      root |= region.blanks() <= blanks;
      piece.regions.add(region);
    }
    pieces.add(piece);
    return pieces;
  }
}
