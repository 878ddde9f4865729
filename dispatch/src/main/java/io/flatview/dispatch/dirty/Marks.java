package io.flatview.dispatch.dirty;

import java.util.BitSet;

/** The dirty pages of one memory for one client. Thread-safe. */
interface Marks {

  /** Marks the pages from first to last as dirty. */
  void mark(long firstPage, long lastPage);

  /** Marks some of the {@link Long#SIZE} pages of a word as dirty. */
  void markWord(long word, long bits);

  /** Clears the marks of some pages, and adds the marked pages to a set, numbered from the first. */
  void take(long firstPage, long lastPage, BitSet into);
}
