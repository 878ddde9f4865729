package io.flatview.dispatch.access;

import io.flatview.dispatch.dirty.DirtyLog;
import io.flatview.dispatch.pagetable.PhysSection;
import java.util.Arrays;

/**
 * Pages that a reader has written in its present section and reported itself. Marks are made for 64 pages at once, at
 * the end of the section, so after all writes of the section: therefore one report of a page is enough. Marks that are
 * made earlier, before a callback, are made once more at the end: later writes would be missed otherwise.
 *
 * <p>The last entry for a word is found again by the word's low bits. Where another word has taken that place, an entry
 * is made twice, which does no harm. Confined to its reader's thread.
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
    if (leaf.dirtyLogMask != 0) {
      DirtyLog log = leaf.memory.dirty();
      long lastPage = offset + length - 1 >>> log.pageBits();
      for (long page = offset >>> log.pageBits(); page <= lastPage; page++) {
        add(log, leaf.dirtyLogMask, page >>> DirtyLog.WORD_BITS, 1L << page);
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

  /** Makes the marks, and keeps them. */
  void publish() {
    for (int i = 0; i < count; i++) {
      logs[i].markWord(words[i], bits[i], masks[i]);
    }
  }

  /** Makes the marks at the end of the section. */
  void finish() {
    publish();
    Arrays.fill(logs, 0, count, null);
    count = 0;
  }
}
