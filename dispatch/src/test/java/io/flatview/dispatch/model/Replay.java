package io.flatview.dispatch.model;

import java.util.List;
import java.util.function.Consumer;

/** Plays histories in worlds of their own. */
final class Replay {

  private static final int[] PAGE_SIZES = {256, 1024, 4096, 65536};

  private Replay() {}

  /** By the textbook; the seed picks the page size. */
  static Consumer<List<Op>> byTheBook(long seed) {
    return with(new Rules(), seed);
  }

  static Consumer<List<Op>> with(Rules rules, long seed) {
    return history -> play(history, rules, PAGE_SIZES[(int) Math.floorMod(seed, (long) PAGE_SIZES.length)]);
  }

  private static void play(List<Op> history, Rules rules, int pageSize) {
    World world = new World(pageSize, rules);
    history.forEach(world::run);
    world.finish();
    world.close();
  }
}
