package io.flatview.examples.vhost.queue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flatview.device.DmaException;
import io.flatview.examples.virtio.PackedJournal;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The account of one packed queue's requests in flight: QEMU's {@code QueueRegionPacked}, with descriptors in it, since
 * the ring loses those of requests that are returned late. Nothing in it is trusted; an impossible value breaks the
 * ring.
 *
 * <p><b>Why no request is lost or answered twice.</b> A request is noted, all of it before its mark, before it is
 * served. When it is returned, its entry and the position after it are put down first, then the flags in the ring are
 * set, then the mark is cleared, then that position becomes the confirmed one. So a process that finds another position
 * than the confirmed one looks at the ring there: if the descriptor is still available, the flags were not set, and the
 * return did not happen; otherwise it did, and only its mark may be left.
 */
public final class PackedInFlight implements PackedJournal {

  private static final int ALIGNMENT = 64;
  private static final int VERSION = 1;
  private static final long VERSION_AT = 8;
  private static final long SIZE_AT = 10;
  private static final long LAST_AT = 12;
  private static final long NEXT_INDEX_AT = 16;
  private static final long INDEX_AT = 18;
  private static final long NEXT_WRAP_AT = 20;
  private static final long WRAP_AT = 21;
  private static final long ENTRIES_AT = 32;
  private static final int ENTRY_BYTES = 32;
  private static final int NEXT_AT = 2;
  private static final int END_AT = 4;
  private static final int COUNT_AT = 6;
  private static final int COUNTER_AT = 8;
  private static final int WORD_AT = 16;
  private static final int ADDRESS_AT = 24;

  private final MemorySegment account;
  private final int size;

  /** Of each buffer in flight, the entry of its first descriptor. */
  private final int[] heads;

  private final BitSet taken = new BitSet();
  private long counter;

  /**
   * An account.
   *
   * @param account as many bytes as {@link #bytes} says
   * @param size of the queue
   */
  public PackedInFlight(MemorySegment account, int size) {
    this.account = account;
    this.size = size;
    this.heads = new int[size];
  }

  /**
   * How large the account of a queue is.
   *
   * @param size of the queue
   * @return bytes
   */
  public static long bytes(int size) {
    return ENTRIES_AT + (long) size * ENTRY_BYTES + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /**
   * Whether the account is one of a queue of this size, or new.
   *
   * @return true if so
   */
  public boolean isOfSize() {
    return isNew() || Short.toUnsignedInt(account.get(JAVA_SHORT, SIZE_AT)) == size;
  }

  private boolean isNew() {
    return account.get(JAVA_SHORT, VERSION_AT) == 0;
  }

  @Override
  public State recover(int used, IntPredicate available) {
    if (isNew()) {
      setNext(used);
      confirm(used);
      account.set(JAVA_SHORT, SIZE_AT, (short) size);
      account.set(JAVA_SHORT, VERSION_AT, (short) VERSION);
    } else if (next() != confirmed()) {
      settle(available.test(confirmed()));
    }
    return new State(confirmed(), noted());
  }

  private void settle(boolean undone) {
    if (undone) {
      setNext(confirmed());
    } else {
      account.set(JAVA_BYTE, entry(Short.toUnsignedInt(account.get(JAVA_SHORT, LAST_AT))), (byte) 0);
      confirm(next());
    }
  }

  private int next() {
    return position(NEXT_INDEX_AT, NEXT_WRAP_AT);
  }

  private int confirmed() {
    return position(INDEX_AT, WRAP_AT);
  }

  private int position(long indexAt, long wrapAt) {
    return account.get(JAVA_SHORT, indexAt) & 0x7fff | (account.get(JAVA_BYTE, wrapAt) & 1) << 15;
  }

  private void setNext(int position) {
    account.set(JAVA_SHORT, NEXT_INDEX_AT, (short) (position & 0x7fff));
    account.set(JAVA_BYTE, NEXT_WRAP_AT, (byte) (position >>> 15));
  }

  private void confirm(int position) {
    account.set(JAVA_SHORT, INDEX_AT, (short) (position & 0x7fff));
    account.set(JAVA_BYTE, WRAP_AT, (byte) (position >>> 15));
  }

  private List<Taken> noted() {
    List<Integer> marked = new ArrayList<>();
    for (int index = 0; index < size; index++) {
      if (account.get(JAVA_BYTE, entry(index)) != 0) {
        marked.add(index);
      }
    }
    marked.sort(Comparator.comparingLong(this::number));
    taken.clear();
    List<Taken> requests = new ArrayList<>();
    BitSet ids = new BitSet();
    for (int head : marked) {
      requests.add(noted(head, ids));
      counter = Math.max(counter, number(head));
    }
    return requests;
  }

  private Taken noted(int head, BitSet ids) {
    int count = field(head, COUNT_AT);
    checkNoted(count >= 1 && count <= size, head);
    long[] words = new long[2 * count];
    int index = head;
    for (int i = 0; i < count; i++) {
      checkNoted(index < size && !taken.get(index), head);
      taken.set(index);
      words[2 * i] = account.get(JAVA_LONG, entry(index) + ADDRESS_AT);
      words[2 * i + 1] = word(index);
      index = field(index, NEXT_AT);
    }
    int id = (int) (words[2 * count - 1] >>> 32) & 0xffff;
    checkNoted(id < size && !ids.get(id), head);
    ids.set(id);
    heads[id] = head;
    return new Taken(id, words);
  }

  private static void checkNoted(boolean possible, int head) {
    if (!possible) {
      throw new DmaException("entry " + head + " of the account of requests in flight cannot be");
    }
  }

  /** An entry has the buffer's number and the flags before the length; a ring has them after it. */
  private long word(int index) {
    long swapped = account.get(JAVA_LONG, entry(index) + WORD_AT);
    return swapped >>> 32 | swapped << 32;
  }

  private int field(int index, int at) {
    return Short.toUnsignedInt(account.get(JAVA_SHORT, entry(index) + at));
  }

  private long number(int head) {
    return account.get(JAVA_LONG, entry(head) + COUNTER_AT);
  }

  private long entry(int index) {
    checkNoted(index < size, index);
    return ENTRIES_AT + (long) index * ENTRY_BYTES;
  }

  @Override
  public void taken(int id, long[] words, int descriptors) {
    int head = free(0);
    int index = head;
    for (int i = 0; i < descriptors; i++) {
      taken.set(index);
      int next = i + 1 < descriptors ? free(index) : index;
      account.set(JAVA_LONG, entry(index) + ADDRESS_AT, words[2 * i]);
      account.set(JAVA_LONG, entry(index) + WORD_AT, words[2 * i + 1] >>> 32 | words[2 * i + 1] << 32);
      account.set(JAVA_SHORT, entry(index) + NEXT_AT, (short) next);
      index = next;
    }
    account.set(JAVA_SHORT, entry(head) + END_AT, (short) index);
    account.set(JAVA_SHORT, entry(head) + COUNT_AT, (short) descriptors);
    account.set(JAVA_LONG, entry(head) + COUNTER_AT, ++counter);
    heads[id] = head;
    // Orders the note before its mark, and both before all that is done for the request; the process that reads them
    // comes after this one's death.
    VarHandle.releaseFence();
    account.set(JAVA_BYTE, entry(head), (byte) 1);
    VarHandle.releaseFence();
  }

  /** The queue sees to it that no more descriptors are in flight than it has. */
  private int free(int from) {
    int next = taken.nextClearBit(from);
    return next < size ? next : taken.nextClearBit(0);
  }

  @Override
  public void returning(int id, int next) {
    account.set(JAVA_SHORT, LAST_AT, (short) heads[id]);
    VarHandle.releaseFence();
    setNext(next);
  }

  @Override
  public void returned(int id, int next) {
    // The flags were set before: the mark goes after them, and the position is confirmed after that.
    VarHandle.releaseFence();
    release(heads[id]);
    VarHandle.releaseFence();
    confirm(next);
  }

  private void release(int head) {
    account.set(JAVA_BYTE, entry(head), (byte) 0);
    int index = head;
    for (int left = field(head, COUNT_AT); left > 0 && index < size; left--) {
      taken.clear(index);
      index = field(index, NEXT_AT);
    }
  }
}
