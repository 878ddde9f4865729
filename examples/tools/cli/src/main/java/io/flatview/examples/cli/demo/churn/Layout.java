package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The writer's model of the windows: the tenant of each cell, without any tree. Immutable.
 *
 * @param windows the tenants of each window, the one placed first first
 * @param shutDoors the windows that do not show in the second address space, as bits
 */
record Layout(List<List<Tenant>> windows, int shutDoors) {

  private static final long[] NOTHING = nothing();

  static final Layout EMPTY = new Layout(Collections.nCopies(Windows.COUNT, List.of()), 0);

  private static long[] nothing() {
    long[] words = new long[Windows.CELLS];
    Arrays.fill(words, Stamp.NOTHING);
    return words;
  }

  /**
   * The content of all points, as a frame has it: window by window, directly, through the doors, and through the IOMMU.
   */
  long[][] blocks() {
    long[][] blocks = new long[Windows.VIEWS * Windows.COUNT][];
    for (int window = 0; window < Windows.COUNT; window++) {
      long[] words = paint(windows.get(window));
      blocks[window] = words;
      blocks[Windows.COUNT + window] = isShut(window) ? NOTHING : words;
      blocks[2 * Windows.COUNT + window] = words;
    }
    return blocks;
  }

  boolean isShut(int window) {
    return (shutDoors >>> window & 1) == 1;
  }

  static long[] paint(List<Tenant> tenants) {
    long[] words = NOTHING.clone();
    for (int cell = 0; cell < words.length; cell++) {
      Tenant winner = winner(tenants, cell);
      words[cell] = winner == null ? Stamp.NOTHING : winner.word(cell);
    }
    return words;
  }

  private static Tenant winner(List<Tenant> tenants, int cell) {
    Tenant winner = null;
    for (Tenant tenant : tenants) {
      if (tenant.covers(cell) && (winner == null || tenant.priority() >= winner.priority())) {
        winner = tenant;
      }
    }
    return winner;
  }

  Layout withTenants(int window, List<Tenant> tenants) {
    List<List<Tenant>> copy = new ArrayList<>(windows);
    copy.set(window, List.copyOf(tenants));
    return new Layout(List.copyOf(copy), shutDoors);
  }

  Layout withDoorTurned(int window) {
    return new Layout(windows, shutDoors ^ 1 << window);
  }
}
