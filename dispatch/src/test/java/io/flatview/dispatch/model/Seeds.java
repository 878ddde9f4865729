package io.flatview.dispatch.model;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Runs a property on histories made from seeds.
 *
 * <p>{@code -Dflatview.seeds=N} runs N of them instead of the usual number, {@code -Dflatview.seed=S} only the one that
 * a failure named.
 */
final class Seeds {

  private static final Long ONLY = Long.getLong("flatview.seed");
  private static final Integer COUNT = Integer.getInteger("flatview.seeds");

  private Seeds() {}

  static LongStream usually(int count) {
    return ONLY != null ? LongStream.of(ONLY) : LongStream.range(0, COUNT != null ? COUNT : count);
  }

  /** Whether only one seed runs, so that nothing can be expected of the whole. */
  static boolean isReplay() {
    return ONLY != null;
  }

  /** Fails with the seed, and with the shortest part found of its history that fails too. */
  static void check(LongStream seeds, LongFunction<List<Op>> histories, SeededProperty property) {
    seeds.forEach(seed -> check(seed, histories.apply(seed), property.of(seed)));
  }

  private static void check(long seed, List<Op> history, Consumer<List<Op>> property) {
    if (failure(property, history) != null) {
      List<Op> shrunk = Shrinker.shrink(history, part -> failure(property, part) != null);
      Throwable cause = failure(property, shrunk);
      throw new AssertionError("-Dflatview.seed=" + seed + " fails; " + shrunk.size() + " of " + history.size()
          + " steps are enough:\n\n" + Script.of(shrunk) + "\n" + cause, cause);
    }
  }

  static Throwable failure(Consumer<List<Op>> property, List<Op> history) {
    try {
      property.accept(history);
      return null;
    } catch (AssertionError | RuntimeException | StackOverflowError e) {
      return e;
    }
  }

  /** What must hold for every history; the seed may choose the conditions. */
  @FunctionalInterface
  interface SeededProperty {
    Consumer<List<Op>> of(long seed);
  }
}
