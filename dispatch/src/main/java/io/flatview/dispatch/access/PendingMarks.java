package io.flatview.dispatch.access;

import io.flatview.dispatch.dirty.DirtyLog;
import io.flatview.dispatch.failure.Failure;
import io.flatview.dispatch.pagetable.PhysSection;
import java.util.Arrays;

/**
 * Pages that the user of a reader has written in the present section and reported. They are marked at the end of the
 * section, 64 pages at once, and so after all writes of the section: therefore one report of a page is enough. Pages
 * that are marked earlier, before a callback, are marked again at the end, since there may be later writes.
 *
 * <p>The last entry for a word of 64 pages is found by the low bits of the word's number. If another word has taken
 * that place, the entry is added twice, which does no harm. Confined to its reader's thread.
 */
final class PendingMarks {

  private static final int USUAL_WORDS = 64;

  private DirtyLog[] logs = new DirtyLog[USUAL_WORDS];
  private int[] masks = new int[USUAL_WORDS];
  private long[] words = new long[USUAL_WORDS];
  private long[] bits = new long[USUAL_WORDS];
  private final int[] latest = new int[USUAL_WORDS];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** Notes a write, if a dirty client logs it. */
  void add(PhysSection leaf, long offset, long length) {
    int mask = leaf.dirtyLogMask();
    if (mask != 0) {
      DirtyLog log = leaf.memory.dirty();
      long lastPage = offset + length - 1 >>> log.pageBits();
      for (long page = offset >>> log.pageBits(); page <= lastPage; page++) {
        add(log, mask, page >>> DirtyLog.WORD_BITS, 1L << page);
      }
    }
  }

  private void add(DirtyLog log, int mask, long word, long bit) {
    int place = (int) word & USUAL_WORDS - 1;
    int entry = latest[place];
    if (entry < count && words[entry] == word && logs[entry] == log && masks[entry] == mask) {
      bits[entry] |= bit;
      return;
    }
    if (count == words.length) {
      grow();
    }
    latest[place] = count;
    logs[count] = log;
    masks[count] = mask;
    words[count] = word;
    bits[count++] = bit;
  }

  private void grow() {
    int longer = 2 * count;
    DirtyLog[] longerLogs = Arrays.copyOf(logs, longer);
    int[] longerMasks = Arrays.copyOf(masks, longer);
    long[] longerWords = Arrays.copyOf(words, longer);
    bits = Arrays.copyOf(bits, longer);
    logs = longerLogs;
    masks = longerMasks;
    words = longerWords;
  }

  /**
   * Marks the pages, and keeps them for the end of the section. If a sink throws, the other words are marked before the
   * first exception is thrown on.
   */
  void publish() {
    Throwable thrown = null;
    for (int i = 0; i < count; i++) {
      try {
        logs[i].markWord(words[i], bits[i], masks[i]);
      } catch (Throwable e) {
        thrown = Failure.join(thrown, e);
      }
    }
    Failure.rethrowAny(thrown);
  }

  /** Marks the pages, at the end of the section. */
  void finish() {
    try {
      publish();
    } finally {
      Arrays.fill(logs, 0, count, null);
      count = 0;
    }
  }
}
