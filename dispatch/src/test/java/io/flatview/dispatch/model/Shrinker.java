package io.flatview.dispatch.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Drops steps of a failing history, large runs first, for as long as it still fails. */
final class Shrinker {

  private Shrinker() {}

  /** A part of a failing history that fails too and from which no single step can be dropped. */
  static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
    List<T> kept = failing;
    for (int run = Math.max(1, kept.size() / 2); ; run = Math.max(1, run / 2)) {
      List<T> shorter = dropRuns(kept, run, fails);
      if (run == 1 && shorter.size() == kept.size()) {
        return kept;
      }
      kept = shorter;
    }
  }

  /** From the end, since the last steps are needed least often. */
  private static <T> List<T> dropRuns(List<T> failing, int run, Predicate<List<T>> fails) {
    List<T> kept = failing;
    for (int end = kept.size(); end > 0; end -= run) {
      List<T> without = new ArrayList<>(kept.subList(0, Math.max(0, end - run)));
      without.addAll(kept.subList(Math.min(end, kept.size()), kept.size()));
      if (fails.test(without)) {
        kept = without;
      }
    }
    return kept;
  }
}
