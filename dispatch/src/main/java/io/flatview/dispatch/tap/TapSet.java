package io.flatview.dispatch.tap;

import io.flatview.memory.Access;

/** Taps, found by the addresses or offsets that they watch. Immutable. */
public abstract sealed class TapSet permits TapIndex, TapTree {

  TapSet() {}

  /**
   * Whether one of them may be called for a kind of access.
   *
   * @param access the kind of access
   * @return false if no search is needed for it
   */
  public abstract boolean concern(Access access);

  /**
   * Whether one of them is called before an access.
   *
   * @return false if there are no watches
   */
  public abstract boolean asksBefore();

  /**
   * Whether one of them is called after an access.
   *
   * @return false if all are watches
   */
  public abstract boolean tellsAfter();

  /** Adds those that touch a range to what is found. */
  abstract void find(long first, long last, TapMatches found);
}
