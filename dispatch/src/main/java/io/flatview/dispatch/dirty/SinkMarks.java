package io.flatview.dispatch.dirty;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.DirtySink;
import java.util.BitSet;

/** Passes marks to a client's sink and keeps none. */
record SinkMarks(DirtySink sink, int pageBits) implements Marks {

  @Override
  public void mark(long firstPage, long lastPage) {
    sink.mark(firstPage << pageBits, lastPage - firstPage + 1 << pageBits);
  }

  /** Calls the sink once for each run of consecutive pages, also if it throws. */
  @Override
  public void markWord(long word, long bits) {
    long left = bits;
    while (left != 0) {
      int first = Long.numberOfTrailingZeros(left);
      int run = Long.numberOfTrailingZeros(~(left >>> first));
      int last = Math.min(first + run, Long.SIZE) - 1;
      left = last == Long.SIZE - 1 ? 0 : left & -1L << last + 1;
      try {
        mark((word << DirtyLog.WORD_BITS) + first, (word << DirtyLog.WORD_BITS) + last);
      } catch (Throwable e) {
        markRest(word, left, e);
        throw e;
      }
    }
  }

  private void markRest(long word, long bits, Throwable thrown) {
    try {
      markWord(word, bits);
    } catch (Throwable more) {
      Failure.join(thrown, more);
    }
  }

  @Override
  public void take(long firstPage, long lastPage, BitSet into) {}
}
