package io.flatview.dispatch.dirty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The dirty pages of one memory for one client: a bit for each, in chunks of 2<sup>18</sup> pages that are made when
 * first marked.
 *
 * <p><b>No mark is lost.</b> A writer stores its data, then sets the bit with an atomic OR. A thread that takes a
 * snapshot clears the bit with an atomic AND, then reads the data. Both are volatile read-modify-writes of one word, so
 * one comes first. If the OR does, the AND reads it, the store happens before the read, and the copy has the data. If
 * the AND does, the bit stays for the next snapshot. Setting the bit before the store, or only when a plain load finds
 * it clear, would break this: the other thread could clear the bit and copy the page in between.
 *
 * <p>A snapshot may skip a missing chunk or an empty word: an OR that it does not see comes later, and its bit stays.
 */
final class DirtyBitmap implements Marks {

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int CHUNK_WORD_BITS = 12;
  private static final int CHUNK_WORDS = 1 << CHUNK_WORD_BITS;
  private static final int ROW_BITS = 16;
  private static final int WORD_BITS = DirtyLog.WORD_BITS;

  private final AtomicReferenceArray<AtomicReferenceArray<long[]>> rows;

  /** A bitmap without marks, for at most 2<sup>55</sup> pages. */
  DirtyBitmap(long pages) {
    rows = new AtomicReferenceArray<>((int) (pages >>> WORD_BITS + CHUNK_WORD_BITS + ROW_BITS) + 1);
  }

  @Override
  public void mark(long firstPage, long lastPage) {
    for (long word = firstPage >>> WORD_BITS; word <= lastPage >>> WORD_BITS; word++) {
      markWord(word, bits(word, firstPage, lastPage));
    }
  }

  @Override
  public void markWord(long word, long bits) {
    WORD.getAndBitwiseOr(chunkFor(word), index(word), bits);
  }

  @Override
  public void take(long firstPage, long lastPage, BitSet into) {
    for (long word = firstPage >>> WORD_BITS; word <= lastPage >>> WORD_BITS; word++) {
      long[] chunk = chunk(word);
      if (chunk == null) {
        word |= CHUNK_WORDS - 1;
      } else if ((long) WORD.getOpaque(chunk, index(word)) != 0) {
        long bits = bits(word, firstPage, lastPage);
        add((long) WORD.getAndBitwiseAnd(chunk, index(word), ~bits) & bits, word, firstPage, into);
      }
    }
  }

  private static void add(long bits, long word, long firstPage, BitSet into) {
    for (long left = bits; left != 0; left &= left - 1) {
      into.set((int) ((word << WORD_BITS) + Long.numberOfTrailingZeros(left) - firstPage));
    }
  }

  private long[] chunk(long word) {
    AtomicReferenceArray<long[]> row = rows.get(row(word));
    return row == null ? null : row.get(column(word));
  }

  private long[] chunkFor(long word) {
    long[] present = chunk(word);
    return present != null ? present : make(word);
  }

  private long[] make(long word) {
    rows.compareAndSet(row(word), null, new AtomicReferenceArray<>(1 << ROW_BITS));
    AtomicReferenceArray<long[]> row = rows.get(row(word));
    row.compareAndSet(column(word), null, new long[CHUNK_WORDS]);
    return row.get(column(word));
  }

  private static int row(long word) {
    return (int) (word >>> CHUNK_WORD_BITS + ROW_BITS);
  }

  private static int column(long word) {
    return (int) (word >>> CHUNK_WORD_BITS) & (1 << ROW_BITS) - 1;
  }

  private static int index(long word) {
    return (int) word & CHUNK_WORDS - 1;
  }

  /** The bits of a word that belong to pages from first to last. */
  private static long bits(long word, long firstPage, long lastPage) {
    long bits = -1;
    if (word == firstPage >>> WORD_BITS) {
      bits &= -1L << firstPage;
    }
    if (word == lastPage >>> WORD_BITS) {
      bits &= -1L >>> 63 - (lastPage & 63);
    }
    return bits;
  }
}
