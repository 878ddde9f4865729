package io.flatview.dispatch.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The horizontal order of boxes: by level, and within a level with each box to the right of those that it hides.
 */
final class Lanes {

  /** The width of a character in pixels. */
  static final double CHARACTER = 6.65;

  static final int PADDING = 6;

  private static final int GAP = 4;
  private static final int LEVEL_GAP = 14;
  private static final int FEWEST = 7;
  private static final int MOST = 26;

  /**
   * A strip of boxes that do not overlap.
   *
   * @param level the level of the boxes
   * @param boxes the boxes, at least one
   * @param left the left edge, in pixels
   * @param characters the number of characters that fit
   */
  record Lane(int level, List<Box> boxes, int left, int characters) {
    int width() {
      return (int) Math.ceil(characters * CHARACTER) + 2 * PADDING;
    }
  }

  private final List<Lane> lanes = new ArrayList<>();
  private final int right;

  Lanes(List<Box> boxes, int left) {
    int levels = boxes.stream().mapToInt(Box::level).max().orElse(-1) + 1;
    int x = left;
    for (int level = 0; level < levels; level++) {
      int here = level;
      List<List<Box>> strips = strips(boxes.stream().filter(box -> box.level() == here).toList());
      for (List<Box> strip : strips) {
        Lane lane = new Lane(level, strip, x, characters(strip));
        lanes.add(lane);
        x += lane.width() + GAP;
      }
      x += LEVEL_GAP;
    }
    right = x;
  }

  private static List<List<Box>> strips(List<Box> boxes) {
    List<List<Box>> strips = new ArrayList<>();
    Map<Box, Integer> placed = new IdentityHashMap<>();
    boxes.stream().sorted(Comparator.comparingInt(Box::rank).reversed()).forEach(box -> {
      int strip = 0;
      for (Map.Entry<Box, Integer> other : placed.entrySet()) {
        if (other.getKey().range().overlaps(box.range())) {
          strip = Math.max(strip, other.getValue() + 1);
        }
      }
      placed.put(box, strip);
      if (strip == strips.size()) {
        strips.add(new ArrayList<>());
      }
      strips.get(strip).add(box);
    });
    return strips;
  }

  private static int characters(List<Box> strip) {
    int longest = strip.stream().mapToInt(box -> box.label().length()).max().orElse(0);
    return Math.clamp(longest, FEWEST, MOST);
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** The left edge of the space beside the lanes. */
  int right() {
    return right;
  }
}
