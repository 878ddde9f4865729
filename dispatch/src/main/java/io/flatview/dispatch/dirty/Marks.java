package io.flatview.dispatch.dirty;

import java.util.BitSet;

/** Takes the marks of one client on one memory. Thread-safe. */
interface Marks {

  /** Marks pages, from first to last. */
  void mark(long firstPage, long lastPage);

  /** Marks pages of a word of {@link Long#SIZE}. */
  void markWord(long word, long bits);

  /** Takes the marks of some pages into a set that counts from the first. */
  void take(long firstPage, long lastPage, BitSet into);
}
