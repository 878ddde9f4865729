package io.flatview.dispatch.dirty;

import io.flatview.memory.DirtySink;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The dirty pages of one memory, for every client that ever logged it. Thread-safe; holds nothing until then.
 *
 * <p><b>The look at who logs.</b> A write outside any section, such as a copy, a discard or the end of a window, stores
 * its data and then looks which clients log; no grace period waits for it.
 *
 * <pre>
 *   writer:  data = new                      client:  enabled |= mask        (volatile)
 *            fence L                                  commit, grace period
 *            look at enabled; mark if set             copy all of data
 * </pre>
 *
 * <p>Forbidden: the look misses the client, and its full copy misses the data: no mark tells of the page, and it is
 * lost. Fence L pairs with the volatile store of {@code enabled} in {@link #enable}, behind which HotSpot puts a full
 * fence: both sides store, fence and load, so one of the loads sees the other side's store. Without L the look may come
 * before the data is visible, on x86 as elsewhere: {@code DirtyLookRaces} in {@code examples/proofs/races} shows it.
 * Writes in a section need no fence, since the client's grace period waits for the section.
 */
public final class DirtyLog {

  /** How many clients there can be. */
  public static final int CLIENTS = Integer.SIZE;

  /** log2 of how many pages are marked at once at most. */
  public static final int WORD_BITS = 6;

  private final long bytes;
  private final int pageBits;
  private final AtomicReferenceArray<Marks> marks = new AtomicReferenceArray<>(CLIENTS);
  private volatile int enabled;

  /**
   * A log of nothing.
   *
   * @param bytes how large the memory can be
   * @param pageSize bytes in a page, a power of two
   */
  public DirtyLog(long bytes, int pageSize) {
    this.bytes = bytes;
    this.pageBits = Integer.numberOfTrailingZeros(pageSize);
  }

  /**
   * From now on writes may have to be marked for these clients. There is no way back: a client that stops is not asked.
   *
   * @param mask the clients
   */
  public synchronized void enable(int mask) {
    enabled |= mask;
  }

  /**
   * Marks what was written, for every client that ever logged this memory. Call it after the write.
   *
   * @param offset where
   * @param length how many bytes, possibly 0
   */
  public void mark(long offset, long length) {
    VarHandle.fullFence(); // L, pairs with the volatile store in enable
    mark(offset, length, enabled);
  }

  /**
   * Marks what was written. Call it after the write.
   *
   * @param offset where
   * @param length how many bytes, possibly 0
   * @param mask for which clients
   */
  public void mark(long offset, long length, int mask) {
    if (length == 0) {
      return;
    }
    for (int left = mask; left != 0; left &= left - 1) {
      marksFor(Integer.numberOfTrailingZeros(left))
          .mark(offset >>> pageBits, offset + length - 1 >>> pageBits);
    }
  }

  /**
   * Marks pages of a word. Call it after the writes.
   *
   * @param word the number of the first page, shifted right by {@link #WORD_BITS}
   * @param bits which of its pages
   * @param mask for which clients
   */
  public void markWord(long word, long bits, int mask) {
    for (int left = mask; left != 0; left &= left - 1) {
      marksFor(Integer.numberOfTrailingZeros(left)).markWord(word, bits);
    }
  }

  private Marks marksFor(int client) {
    Marks present = marks.get(client);
    if (present != null) {
      return present;
    }
    Marks made = new DirtyBitmap(bytes >>> pageBits);
    Marks before = marks.compareAndExchange(client, null, made);
    return before == null ? made : before;
  }

  /**
   * Gives the marks of a client to a sink, until they are cleared. Marks that are here are forgotten: the end of a
   * window makes them for a client before, too, which had the same number.
   *
   * @param client whose, which does not log this memory yet
   * @param sink is called for each
   * @return false if the client has a sink, and nothing has changed
   */
  public boolean divert(int client, DirtySink sink) {
    Marks made = new SinkMarks(sink, pageBits);
    return !(marks.getAndUpdate(client, before -> before instanceof SinkMarks ? before : made) instanceof SinkMarks);
  }

  /**
   * Takes and clears marks. What was written before a mark is taken is seen by whoever reads the page afterwards.
   *
   * @param client whose
   * @param firstPage inclusive
   * @param lastPage inclusive; at most 2<sup>31</sup>-2 pages on
   * @return the marked pages, counted from the first
   */
  public BitSet take(int client, long firstPage, long lastPage) {
    BitSet taken = new BitSet();
    Marks present = marks.get(client);
    if (present != null) {
      present.take(firstPage, lastPage, taken);
    }
    return taken;
  }

  /**
   * Forgets the marks of a client, and its sink. A mark that is being made meanwhile is lost.
   *
   * @param client whose
   */
  public void clear(int client) {
    marks.set(client, null);
  }

  /**
   * How offsets become pages.
   *
   * @return log2 of the page size
   */
  public int pageBits() {
    return pageBits;
  }
}
