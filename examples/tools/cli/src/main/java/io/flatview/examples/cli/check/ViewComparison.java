package io.flatview.examples.cli.check;

import io.flatview.examples.cli.flat.SpaceView;
import io.flatview.examples.cli.flat.ViewRange;
import io.flatview.memory.PrintableText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Compares what address spaces show with what they must show. Names of address spaces repeat, so it compares, for
 * each name, the views as a set in which equal ones count.
 */
public final class ViewComparison {

  private static final String NOTHING = "nothing";

  private final boolean compareRoots;
  private final List<String> mismatches = new ArrayList<>();

  private ViewComparison(boolean compareRoots) {
    this.compareRoots = compareRoots;
  }

  /**
   * Compares.
   *
   * @param expected the view of QEMU
   * @param actual the view of this library
   * @param compareRoots whether the regions at which rendering started must have the same name
   * @return a text for each mismatch
   */
  public static List<String> compare(List<SpaceView> expected, List<SpaceView> actual, boolean compareRoots) {
    ViewComparison comparison = new ViewComparison(compareRoots);
    Map<String, List<SpaceView>> wanted = byName(expected);
    Map<String, List<SpaceView>> found = byName(actual);
    found.keySet().forEach(name -> wanted.putIfAbsent(name, new ArrayList<>()));
    wanted.forEach((name, views) -> comparison.space(name, views, found.getOrDefault(name, new ArrayList<>())));
    return comparison.mismatches;
  }

  private static Map<String, List<SpaceView>> byName(List<SpaceView> views) {
    Map<String, List<SpaceView>> byName = new LinkedHashMap<>();
    views.forEach(view -> byName.computeIfAbsent(view.space(), _ -> new ArrayList<>()).add(view));
    return byName;
  }

  private void space(String name, List<SpaceView> expected, List<SpaceView> actual) {
    if (expected.size() != actual.size()) {
      mismatches.add("address space '" + name + "': QEMU has " + expected.size() + " of this name | here "
          + actual.size());
    }
    removeCommon(expected, actual, this::matches);
    for (int index = 0; index < Math.min(expected.size(), actual.size()); index++) {
      differ(name, expected.get(index), actual.get(index));
    }
  }

  private static void removeCommon(
      List<SpaceView> expected, List<SpaceView> actual, BiPredicate<SpaceView, SpaceView> same) {
    expected.removeIf(wanted -> {
      boolean found = actual.stream().anyMatch(view -> same.test(wanted, view));
      actual.stream().filter(view -> same.test(wanted, view)).findFirst().ifPresent(actual::remove);
      return found;
    });
  }

  private boolean matches(SpaceView expected, SpaceView actual) {
    return (!compareRoots || expected.root().equals(actual.root()))
        && expected.ranges().size() == actual.ranges().size()
        && firstDifference(expected.ranges(), actual.ranges()) == expected.ranges().size();
  }

  private static int firstDifference(List<ViewRange> expected, List<ViewRange> actual) {
    int index = 0;
    while (index < expected.size() && expected.get(index).matches(actual.get(index))) {
      index++;
    }
    return index;
  }

  private void differ(String name, SpaceView expected, SpaceView actual) {
    if (compareRoots && !expected.root().equals(actual.root())) {
      mismatch(name, "rendered from " + expected.root().orElse(NOTHING), "from " + actual.root().orElse(NOTHING));
    }
    Deque<ViewRange> wanted = new ArrayDeque<>(expected.ranges());
    Deque<ViewRange> found = new ArrayDeque<>(actual.ranges());
    while (!wanted.isEmpty() || !found.isEmpty()) {
      Optional<ViewRange> left = next(wanted, found);
      Optional<ViewRange> right = next(found, wanted);
      left.ifPresent(_ -> wanted.remove());
      right.ifPresent(_ -> found.remove());
      differ(name, left, right);
    }
  }

  private void differ(String name, Optional<ViewRange> left, Optional<ViewRange> right) {
    if (left.isEmpty() || right.isEmpty() || !left.get().matches(right.get())) {
      mismatch(name, left.map(ViewRange::toString).orElse(NOTHING), right.map(ViewRange::toString).orElse(NOTHING));
    }
  }

  /** The first range of one side, unless it lies wholly behind the first of the other. */
  private static Optional<ViewRange> next(Deque<ViewRange> ranges, Deque<ViewRange> others) {
    return Optional.ofNullable(ranges.peek()).filter(range -> others.isEmpty()
        || Long.compareUnsigned(range.range().first(), others.peek().range().last()) <= 0);
  }

  private void mismatch(String name, String expected, String actual) {
    mismatches.add(PrintableText.of("address space '" + name + "': QEMU " + expected + " | here " + actual));
  }
}
