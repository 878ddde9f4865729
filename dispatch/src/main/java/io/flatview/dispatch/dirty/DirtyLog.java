package io.flatview.dispatch.dirty;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.DirtySink;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The dirty pages of one memory, for every client that ever logged it. Thread-safe; allocates nothing until there is
 * such a client.
 *
 * <p><b>The check for clients.</b> A write outside any section, such as a copy, a discard or the end of a window,
 * stores its data and then reads which clients log; no grace period waits for it.
 *
 * <pre>
 *   writer:  data = new                      client:  enabled |= mask        (volatile)
 *            fence L                                  commit, grace period
 *            look at enabled; mark if set             copy all of data
 * </pre>
 *
 * <p>Forbidden: the writer misses the client, and the client's full copy misses the data; then no mark names the page,
 * and the write is lost. Fence L pairs with the volatile store of {@code enabled} in {@link #enable}, behind which
 * HotSpot puts a full fence: both sides store, fence and load, so one of the loads sees the other side's store. Without
 * L the look may come before the data is visible, on x86 as elsewhere: {@code DirtyLookRaces} in {@code
 * examples/proofs/races} shows it. Writes in a section need no fence, since the client's grace period waits for the
 * section.
 */
public final class DirtyLog {

  /** The largest number of clients. */
  public static final int CLIENTS = Integer.SIZE;

  /** The binary logarithm of the number of pages in a word, which one call of {@link #markWord} can mark. */
  public static final int WORD_BITS = 6;

  /** The ways to mark, linked here and not at the first mark, for which little stack may be left. */
  private static final Way RANGE = Marks::mark;
  private static final Way WORD = Marks::markWord;

  private final long bytes;
  private final int pageBits;
  private final AtomicReferenceArray<Marks> marks = new AtomicReferenceArray<>(CLIENTS);
  private volatile int enabled;

  /** A way to mark pages. */
  private interface Way {
    void mark(Marks marks, long first, long second);
  }

  /**
   * Makes a log without clients.
   *
   * @param bytes the largest size of the memory
   * @param pageSize the number of bytes in a page, a power of two
   */
  public DirtyLog(long bytes, int pageSize) {
    this.bytes = bytes;
    this.pageBits = Integer.numberOfTrailingZeros(pageSize);
  }

  /**
   * Adds clients for which writes outside sections are marked from now on. They are never removed, so such writes are
   * also marked for a client that has stopped logging.
   *
   * @param mask the bits of the clients
   */
  public synchronized void enable(int mask) {
    enabled |= mask;
  }

  /**
   * Marks written pages for every client that ever logged this memory. Call it after the write.
   *
   * @param offset the offset of the first byte
   * @param length the number of bytes, possibly 0
   */
  public void mark(long offset, long length) {
    VarHandle.fullFence(); // L, pairs with the volatile store in enable
    mark(offset, length, enabled);
  }

  /**
   * Marks written pages. Call it after the write. If it throws, as a sink does or as memory is exhausted, all other
   * clients have their marks.
   *
   * @param offset the offset of the first byte
   * @param length the number of bytes, possibly 0
   * @param mask the bits of the clients to mark for
   */
  public void mark(long offset, long length, int mask) {
    if (length == 0) {
      return;
    }
    forEach(mask, RANGE, offset >>> pageBits, offset + length - 1 >>> pageBits);
  }

  private void forEach(int mask, Way way, long first, long second) {
    for (int left = mask; left != 0; left &= left - 1) {
      try {
        way.mark(marksFor(Integer.numberOfTrailingZeros(left)), first, second);
      } catch (Throwable e) {
        forOthers(left & left - 1, way, first, second, e);
        throw e;
      }
    }
  }

  private void forOthers(int mask, Way way, long first, long second, Throwable thrown) {
    try {
      forEach(mask, way, first, second);
    } catch (Throwable more) {
      Failure.join(thrown, more);
    }
  }

  /**
   * Marks pages of a word; otherwise like {@link #mark(long, long, int)}.
   *
   * @param word the number of the first page, shifted right by {@link #WORD_BITS}
   * @param bits a bit for each page of the word to mark
   * @param mask the bits of the clients to mark for
   */
  public void markWord(long word, long bits, int mask) {
    forEach(mask, WORD, word, bits);
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
   * Passes the marks of a client to a sink until {@link #clear} is called. Earlier marks are dropped, since the end of
   * a window may have made them for a former client with the same number.
   *
   * @param client the number of the client, which does not log this memory yet
   * @param sink is called for each mark
   * @return false if the client has a sink, and nothing has changed
   */
  public boolean divert(int client, DirtySink sink) {
    Marks made = new SinkMarks(sink, pageBits);
    return !(marks.getAndUpdate(client, before -> before instanceof SinkMarks ? before : made) instanceof SinkMarks);
  }

  /**
   * Returns and clears marks. A thread that reads a page after taking its mark sees every write that came before.
   *
   * @param client the number of the client
   * @param firstPage the first page, inclusive
   * @param lastPage the last page, inclusive; at most 2<sup>31</sup>-2 pages on
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
   * Drops the marks of a client, and its sink. A mark that is made at the same time may be lost.
   *
   * @param client the number of the client
   */
  public void clear(int client) {
    marks.set(client, null);
  }

  /**
   * The shift from offsets to pages.
   *
   * @return log2 of the page size
   */
  public int pageBits() {
    return pageBits;
  }
}
