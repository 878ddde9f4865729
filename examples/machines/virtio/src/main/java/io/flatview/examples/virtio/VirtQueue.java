package io.flatview.examples.virtio;

import io.flatview.device.DmaCache;
import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A split virtqueue as the device sees it. What no driver may put into a queue is a {@link DmaException}; a request
 * that could not be read is still there, and is read again by the next {@link #poll}.
 *
 * <p>Its two indices belong to the device's thread; the rest is immutable but for the ports that the thread
 * {@linkplain #attach attaches}.
 */
public final class VirtQueue {

  /** The feature of descriptors that name a table of descriptors. */
  public static final long INDIRECT_DESCRIPTORS = 1L << 28;

  /** The feature of rings that say at which index they want an event. */
  public static final long EVENT_INDEX = 1L << 29;

  /** As many descriptors as a request may have in a table of its own; so much QEMU takes, too. */
  private static final int MAX_INDIRECT = 1024;

  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;
  private static final int NO_INTERRUPT = 1;
  private static final int NO_KICK = 1;
  private static final long UNSIGNED_INT = 0xffff_ffffL;

  private final RingAddresses rings;
  private final int size;
  private final boolean indirect;
  private final boolean eventIndex;
  private final long features;
  private final QueueJournal journal;
  private int seen;
  private int returned;

  /** What was returned when the driver was last asked whether it wants an interrupt. */
  private int signalled;

  private boolean signalledBefore;

  private DmaPort attached;
  private DmaPort buffers;
  private DmaCache descriptors;
  private DmaCache available;
  private DmaCache used;

  /**
   * A queue that has seen nothing.
   *
   * @param rings where it is
   * @param features what was negotiated; others than {@link #INDIRECT_DESCRIPTORS} and {@link #EVENT_INDEX} mean
   *     nothing here
   * @param journal is kept of its requests
   */
  public VirtQueue(RingAddresses rings, long features, QueueJournal journal) {
    this.rings = rings;
    this.size = rings.size();
    this.features = features;
    this.indirect = (features & INDIRECT_DESCRIPTORS) != 0;
    this.eventIndex = (features & EVENT_INDEX) != 0;
    this.journal = journal;
  }

  /**
   * What was negotiated.
   *
   * @return bits
   */
  public long features() {
    return features;
  }

  /**
   * Says how the calling thread reaches memory; to be called before anything else, and again with other ports.
   *
   * @param forRings whose addresses the rings have
   * @param forBuffers whose addresses the descriptors have
   */
  public void attach(DmaPort forRings, DmaPort forBuffers) {
    if (attached != forRings || buffers != forBuffers) {
      attached = forRings;
      buffers = forBuffers;
      descriptors = forRings.cache(rings.descriptors(), RingAddresses.descriptorBytes(size));
      available = forRings.cache(rings.available(), RingAddresses.availableBytes(size));
      used = forRings.cache(rings.used(), RingAddresses.usedBytes(size));
    }
  }

  /**
   * Goes on where another device stopped.
   *
   * @param next the index of the first request not seen
   * @param usedIndex the index of the used ring
   */
  public void resume(int next, int usedIndex) {
    seen = next & 0xffff;
    returned = usedIndex & 0xffff;
  }

  /**
   * The index of the used ring, as it stands in memory.
   *
   * @return 0 to 65535
   */
  public int usedIndex() {
    return (int) used.load(2, 2);
  }

  /**
   * The index of the first request that was not taken.
   *
   * @return 0 to 65535
   */
  public int seen() {
    return seen;
  }

  /**
   * Takes a request.
   *
   * @return null if there is none
   */
  public VirtioRequest poll() {
    int index = (int) available.load(2, 2);
    int waiting = index - seen & 0xffff;
    if (waiting == 0) {
      return null;
    }
    if (waiting > size) {
      throw new DmaException("available index " + index + " after " + seen + " in a queue of " + size);
    }
    // Pairs with the guest's fence between the ring entry and the index: the entry is not read before the index.
    VarHandle.acquireFence();
    int head = (int) available.load(4 + 2L * (seen & size - 1), 2);
    VirtioRequest request = chain(head);
    seen = seen + 1 & 0xffff;
    journal.taken(head);
    return request;
  }

  /**
   * Reads a request that was taken before, by a device that ended before it returned it.
   *
   * @param head the first descriptor of its chain
   * @return the request
   */
  public VirtioRequest chain(int head) {
    List<DmaRange> readable = new ArrayList<>(4);
    List<DmaRange> writable = new ArrayList<>(4);
    for (long at = head; at >= 0; ) {
      checkIndex(at, readable, writable, size);
      long address = descriptors.load(at * RingAddresses.DESCRIPTOR_BYTES, 8);
      long rest = descriptors.load(at * RingAddresses.DESCRIPTOR_BYTES + 8, 8);
      if ((flags(rest) & INDIRECT) != 0) {
        table(address, rest, readable, writable);
        at = -1;
      } else {
        add(address, rest, readable, writable);
        at = next(rest);
      }
    }
    return new VirtioRequest(head, 1, readable, writable);
  }

  private void table(long table, long rest, List<DmaRange> readable, List<DmaRange> writable) {
    long bytes = rest & UNSIGNED_INT;
    long count = bytes / RingAddresses.DESCRIPTOR_BYTES;
    if (!indirect || bytes % RingAddresses.DESCRIPTOR_BYTES != 0 || count == 0 || count > MAX_INDIRECT
        || (flags(rest) & NEXT) != 0) {
      throw new DmaException("a table of descriptors " + new DmaRange(table, bytes) + " with flags " + flags(rest)
          + (indirect ? "" : ", which the driver has not asked for"));
    }
    new DmaRange(table, bytes);
    int before = readable.size() + writable.size();
    for (long at = 0; at >= 0; ) {
      checkIndex(at, readable, writable, (int) count + before);
      checkInTable(at, count);
      long address = buffers.load(table + at * RingAddresses.DESCRIPTOR_BYTES, 8);
      long word = buffers.load(table + at * RingAddresses.DESCRIPTOR_BYTES + 8, 8);
      add(address, word, readable, writable);
      at = next(word);
    }
  }

  private static void checkInTable(long index, long count) {
    if (index >= count) {
      throw new DmaException("descriptor " + index + " of a table of " + count);
    }
  }

  private static void checkIndex(long index, List<DmaRange> readable, List<DmaRange> writable, int most) {
    int before = readable.size() + writable.size();
    if (index >= most || before >= most) {
      throw new DmaException("descriptor " + index + " after " + before + " others in a queue of " + most);
    }
  }

  private static void add(long address, long rest, List<DmaRange> readable, List<DmaRange> writable) {
    DmaRange buffer = new DmaRange(address, rest & UNSIGNED_INT);
    int flags = flags(rest);
    boolean outOfOrder = !writable.isEmpty() && (flags & WRITE) == 0;
    if (buffer.length() == 0 || outOfOrder || (flags & INDIRECT) != 0) {
      throw new DmaException("buffer " + buffer + " with flags " + flags + (outOfOrder ? " after one to write" : ""));
    }
    ((flags & WRITE) != 0 ? writable : readable).add(buffer);
  }

  private static int flags(long rest) {
    return (int) (rest >>> 32) & 0xffff;
  }

  /** The index of the next descriptor, or -1. */
  private static long next(long rest) {
    return (flags(rest) & NEXT) != 0 ? rest >>> 48 : -1;
  }

  /**
   * Returns a request. If memory fails, it is not returned, and may be once more.
   *
   * @param request that was taken
   */
  public void complete(VirtioRequest request) {
    long length = Math.min(request.writableBytes(), UNSIGNED_INT);
    long entry = 4 + (long) (returned & size - 1) * RingAddresses.USED_ENTRY_BYTES;
    used.store(entry, 4, request.head());
    used.store(entry + 4, 4, length);
    journal.returning(request.head());
    int next = returned + 1 & 0xffff;
    // Pairs with the guest's fence between the index and what it covers: both are written before the index.
    VarHandle.releaseFence();
    used.store(2, 2, next);
    returned = next;
    journal.returned(request.head(), next);
  }

  /**
   * Whether the guest wants an interrupt for what was returned since the last call. The first answer is true if the
   * ring says at which index: that may be behind.
   *
   * @return true if so
   */
  public boolean wantsInterrupt() {
    // Pairs with the guest's fence between its wish and its look at the index: one of the two sees the other's store.
    VarHandle.fullFence();
    boolean wanted = isWanted();
    signalledBefore = true;
    signalled = returned;
    return wanted;
  }

  private boolean isWanted() {
    if (!eventIndex) {
      return (available.load(0, 2) & NO_INTERRUPT) == 0;
    }
    int event = (int) available.load(4 + 2L * size, 2);
    return !signalledBefore || (returned - event - 1 & 0xffff) < (returned - signalled & 0xffff);
  }

  /**
   * Gives the latest request that was taken back, to be taken again by the next thread that serves the queue.
   *
   * @param request of those that were taken and not given back, the latest
   */
  public void putBack(VirtioRequest request) {
    seen = seen - 1 & 0xffff;
  }

  /** Asks the driver to make requests without kicks, as far as it can be asked. */
  public void ignoreKicks() {
    if (!eventIndex) {
      used.store(0, 2, NO_KICK);
    }
  }

  /**
   * Asks the driver for a kick with its next request.
   *
   * @return whether there is a request already, for which no kick need come
   */
  public boolean wantKick() {
    if (eventIndex) {
      used.store(4 + (long) size * RingAddresses.USED_ENTRY_BYTES, 2, seen);
    } else {
      used.store(0, 2, 0);
    }
    // Pairs with the guest's fence between its index and its look at this wish: one of the two sees the other's store.
    VarHandle.fullFence();
    return (int) available.load(2, 2) != seen;
  }
}
