package io.flatview.dispatch.tap;

import io.flatview.memory.Access;

/**
 * The taps that watch addresses of any space, as they are at each call: all maps share one leaf for holes, which is not
 * made anew when a tap comes or goes.
 */
public final class TapsOnHoles extends TapSet {

  private final TapTable table;

  TapsOnHoles(TapTable table) {
    this.table = table;
  }

  @Override
  public boolean concern(Access access) {
    return table.onSpaces().concern(access);
  }

  @Override
  public boolean asksBefore() {
    return table.onSpaces().asksBefore();
  }

  @Override
  public boolean tellsAfter() {
    return table.onSpaces().tellsAfter();
  }

  @Override
  void find(long first, long last, TapMatches found) {
    table.onSpaces().find(first, last, found);
  }
}
