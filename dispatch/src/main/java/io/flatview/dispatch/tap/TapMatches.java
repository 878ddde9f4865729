package io.flatview.dispatch.tap;

import java.util.Arrays;

/**
 * The taps that an access overlaps, to be called in the order in which they were attached. The object is used again for
 * later accesses.
 */
final class TapMatches {

  /** The largest number of taps that is sorted by insertion, which allocates nothing. */
  private static final int FEW = 32;

  private TapPoint[] taps = new TapPoint[8];
  private int count;

  void clear() {
    Arrays.fill(taps, 0, count, null);
    count = 0;
  }

  void add(TapPoint tap) {
    if (count == taps.length) {
      taps = Arrays.copyOf(taps, 2 * count);
    }
    taps[count++] = tap;
  }

  int count() {
    return count;
  }

  TapPoint get(int i) {
    return taps[i];
  }

  /** Puts the taps in order; one that was found in two leaves counts once. */
  void order() {
    if (count > FEW) {
      Arrays.sort(taps, 0, count);
    } else {
      for (int i = 1; i < count; i++) {
        sink(i);
      }
    }
    dropDoubles();
  }

  private void dropDoubles() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (kept == 0 || taps[kept - 1] != taps[i]) {
        taps[kept++] = taps[i];
      }
    }
    Arrays.fill(taps, kept, count, null);
    count = kept;
  }

  private void sink(int from) {
    TapPoint tap = taps[from];
    int at = from;
    while (at > 0 && taps[at - 1].number > tap.number) {
      taps[at] = taps[at - 1];
      at--;
    }
    taps[at] = tap;
  }
}
