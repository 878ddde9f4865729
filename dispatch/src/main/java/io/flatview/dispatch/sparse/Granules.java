package io.flatview.dispatch.sparse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bit for each granule of a memory, set if the granule is populated; in chunks of 2<sup>18</sup> granules that are
 * made when first populated.
 *
 * <p>One thread at a time writes, in its turn; any thread reads. A word is stored with release and loaded with acquire:
 * a thread that sees a bit sees all that its writer did before, such as the calls to listeners.
 */
final class Granules {

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int WORD_BITS = 6;
  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_WORDS = 1 << CHUNK_BITS;

  private final long words;
  private final AtomicReferenceArray<long[]> chunks;

  /** No granule of {@code count} is populated. */
  Granules(long count) {
    words = (count - 1 >>> WORD_BITS) + 1;
    chunks = new AtomicReferenceArray<>((int) (words - 1 >>> CHUNK_BITS) + 1);
  }

  /** Makes what {@link #populate} needs for a range, so that it allocates nothing. */
  void prepare(long first, long last) {
    for (long word = first >>> WORD_BITS; word <= last >>> WORD_BITS; word = chunkEnd(word) + 1) {
      if (chunk(word) == null) {
        long start = word & -CHUNK_WORDS;
        chunks.setRelease(index(word), new long[(int) Math.min(CHUNK_WORDS, words - start)]);
      }
    }
  }

  /** Populates a range that was prepared. Calls nothing that could fail. */
  void populate(long first, long last) {
    for (long word = first >>> WORD_BITS; word <= last >>> WORD_BITS; word++) {
      store(word, load(word) | mask(word, first, last));
    }
  }

  /** Discards a range. */
  void discard(long first, long last) {
    for (long word = first >>> WORD_BITS; word <= last >>> WORD_BITS; word++) {
      if (chunk(word) == null) {
        word = chunkEnd(word);
      } else {
        store(word, load(word) & ~mask(word, first, last));
      }
    }
  }

  /** The first granule from {@code from} to {@code last} that is populated, or not; {@code last + 1} if none is. */
  long next(boolean populated, long from, long last) {
    for (long word = from >>> WORD_BITS; word <= last >>> WORD_BITS; word++) {
      if (populated && chunk(word) == null) {
        word = chunkEnd(word);
        continue;
      }
      long found = (populated ? load(word) : ~load(word)) & mask(word, from, last);
      if (found != 0) {
        return (word << WORD_BITS) + Long.numberOfTrailingZeros(found);
      }
    }
    return last + 1;
  }

  private long load(long word) {
    long[] chunk = chunk(word);
    return chunk == null ? 0 : (long) WORD.getAcquire(chunk, (int) word & CHUNK_WORDS - 1);
  }

  private void store(long word, long bits) {
    WORD.setRelease(chunk(word), (int) word & CHUNK_WORDS - 1, bits);
  }

  private long[] chunk(long word) {
    return chunks.getAcquire(index(word));
  }

  private static int index(long word) {
    return (int) (word >>> CHUNK_BITS);
  }

  private static long chunkEnd(long word) {
    return word | CHUNK_WORDS - 1;
  }

  /** The bits of a word that belong to granules from first to last. */
  private static long mask(long word, long first, long last) {
    long from = word == first >>> WORD_BITS ? -1L << first : -1;
    return word == last >>> WORD_BITS ? from & -1L >>> ~last : from;
  }
}
