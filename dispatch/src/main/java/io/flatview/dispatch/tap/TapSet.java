package io.flatview.dispatch.tap;

import io.flatview.memory.Access;

/** Taps, found by the addresses or offsets that they watch. Immutable, except for those on holes. */
public abstract sealed class TapSet permits TapIndex, TapTree, TapsOnHoles {

  TapSet() {}

  /**
   * Whether any tap may be called for a kind of access.
   *
   * @param access the kind of access
   * @return false if no search is needed for it
   */
  public abstract boolean concern(Access access);

  /**
   * Whether any tap is a watch, which is called before an access.
   *
   * @return false if there are no watches
   */
  public abstract boolean asksBefore();

  /**
   * Whether any tap is called after an access.
   *
   * @return false if all are watches
   */
  public abstract boolean tellsAfter();

  /** Adds the taps that overlap a range to the matches. */
  abstract void find(long first, long last, TapMatches found);
}
