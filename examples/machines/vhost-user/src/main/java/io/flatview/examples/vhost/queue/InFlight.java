package io.flatview.examples.vhost.queue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flatview.examples.virtio.QueueJournal;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The account of one queue's requests in flight, in memory that the front end keeps if this process dies: QEMU's {@code
 * QueueRegionSplit}. Another process may scribble in it, so that nothing in it is trusted beyond being a set of heads.
 *
 * <p><b>Why no request is lost or answered twice.</b> A head is noted before its request is served. It is named as the
 * last one before the used index covers it, and its note goes after that. So a process that begins anew finds each
 * request that was taken either noted, or covered; and the only one that may be both is the one that was named last,
 * if the used index is not the one that was put down here.
 */
public final class InFlight implements QueueJournal {

  private static final int ALIGNMENT = 64;
  private static final int VERSION = 1;
  private static final long VERSION_AT = 8;
  private static final long SIZE_AT = 10;
  private static final long LAST_HEAD_AT = 12;
  private static final long USED_INDEX_AT = 14;
  private static final long ENTRIES_AT = 16;
  private static final int ENTRY_BYTES = 16;
  private static final int NEXT_AT = 6;
  private static final int COUNTER_AT = 8;

  private final MemorySegment account;
  private final int size;
  private long counter;

  /**
   * An account.
   *
   * @param account as many bytes as {@link #bytes} says
   * @param size of the queue
   */
  public InFlight(MemorySegment account, int size) {
    this.account = account;
    this.size = size;
  }

  /**
   * How long the account of a queue is.
   *
   * @param size of the queue
   * @return bytes
   */
  public static long bytes(int size) {
    return ENTRIES_AT + (long) size * ENTRY_BYTES + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /**
   * Whether this is the account of a queue of such a size, or of none yet.
   *
   * @return false if another layout or size stands there
   */
  public boolean isOfSize() {
    int version = account.get(JAVA_SHORT, VERSION_AT);
    return version == 0 || version == VERSION && Short.toUnsignedInt(account.get(JAVA_SHORT, SIZE_AT)) == size;
  }

  @Override
  public List<Integer> recover(int usedIndex) {
    account.set(JAVA_SHORT, VERSION_AT, (short) VERSION);
    account.set(JAVA_SHORT, SIZE_AT, (short) size);
    if (Short.toUnsignedInt(account.get(JAVA_SHORT, USED_INDEX_AT)) != usedIndex) {
      int last = Short.toUnsignedInt(account.get(JAVA_SHORT, LAST_HEAD_AT));
      if (last < size) {
        account.set(JAVA_BYTE, entry(last), (byte) 0);
      }
      account.set(JAVA_SHORT, USED_INDEX_AT, (short) usedIndex);
    }
    return noted();
  }

  private List<Integer> noted() {
    List<Integer> heads = new ArrayList<>();
    for (int head = 0; head < size; head++) {
      if (account.get(JAVA_BYTE, entry(head)) != 0) {
        heads.add(head);
        counter = Math.max(counter, number(head));
      }
    }
    heads.sort(Comparator.comparingLong(this::number));
    return heads;
  }

  private long number(int head) {
    return account.get(JAVA_LONG, entry(head) + COUNTER_AT);
  }

  private static long entry(int head) {
    return ENTRIES_AT + (long) head * ENTRY_BYTES;
  }

  @Override
  public void taken(int head) {
    account.set(JAVA_LONG, entry(head) + COUNTER_AT, ++counter);
    account.set(JAVA_BYTE, entry(head), (byte) 1);
    // Orders the note before all that is done for the request; the process that reads it comes after this one's death.
    VarHandle.releaseFence();
  }

  @Override
  public void returning(int head) {
    account.set(JAVA_SHORT, entry(head) + NEXT_AT, account.get(JAVA_SHORT, LAST_HEAD_AT));
    account.set(JAVA_SHORT, LAST_HEAD_AT, (short) head);
  }

  @Override
  public void returned(int head, int usedIndex) {
    // The used index was stored before: the note goes after it, and the index is put down after that.
    VarHandle.releaseFence();
    account.set(JAVA_BYTE, entry(head), (byte) 0);
    VarHandle.releaseFence();
    account.set(JAVA_SHORT, USED_INDEX_AT, (short) usedIndex);
  }
}
