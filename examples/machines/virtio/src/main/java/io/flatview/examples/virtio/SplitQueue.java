package io.flatview.examples.virtio;

import io.flatview.device.DmaCache;
import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** A queue of three parts: the driver's descriptors, the ring of those that are available, and that of those used. */
public final class SplitQueue extends VirtQueue {

  private static final int NO_INTERRUPT = 1;
  private static final int NO_KICK = 1;

  private final RingAddresses rings;
  private final QueueJournal journal;
  private DmaCache descriptors;
  private DmaCache available;
  private DmaCache used;

  /**
   * A queue that has seen nothing.
   *
   * @param rings where it is
   * @param features the negotiated features; others than {@link #INDIRECT_DESCRIPTORS} and {@link #EVENT_INDEX} mean
   *     nothing here
   * @param journal is kept of its requests
   */
  public SplitQueue(RingAddresses rings, long features, QueueJournal journal) {
    super(features, rings.size());
    this.rings = rings;
    this.journal = journal;
  }

  @Override
  void attach(DmaPort forRings) {
    descriptors = forRings.cache(rings.descriptors(), RingAddresses.descriptorBytes(size));
    available = forRings.cache(rings.available(), RingAddresses.availableBytes(size));
    used = forRings.cache(rings.used(), RingAddresses.usedBytes(size));
  }

  /** The journal knows better than the base: its taken requests lie between the used index and the next request. */
  @Override
  public List<VirtioRequest> start(int base) {
    int index = (int) used.load(2, 2);
    List<VirtioRequest> taken = new ArrayList<>();
    for (int head : journal.recover(index)) {
      taken.add(request(head));
    }
    returned = index;
    seen = (taken.isEmpty() ? base : index + taken.size()) & 0xffff;
    return taken;
  }

  @Override
  public int base() {
    return seen;
  }

  @Override
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
    VirtioRequest request = request(head);
    seen = seen + 1 & 0xffff;
    journal.taken(head);
    return request;
  }

  private VirtioRequest request(int head) {
    Chain chain = chain();
    chain.begin();
    for (long at = head; at >= 0; ) {
      chain.checkIndex(at, size);
      long address = descriptors.load(at * Chain.DESCRIPTOR_BYTES, 8);
      long word = descriptors.load(at * Chain.DESCRIPTOR_BYTES + 8, 8);
      int flags = (int) (word >>> 32) & 0xffff;
      if ((flags & Chain.INDIRECT) != 0) {
        chain.addTable(address, word & Chain.UNSIGNED_INT, flags, true);
        at = -1;
      } else {
        chain.add(address, word & Chain.UNSIGNED_INT, flags);
        at = Chain.next(word);
      }
    }
    return chain.end(head, 1);
  }

  @Override
  public void complete(VirtioRequest request) {
    long length = Math.min(request.writableBytes(), Chain.UNSIGNED_INT);
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

  @Override
  boolean isInterruptWanted() {
    if (!eventIndex) {
      return (available.load(0, 2) & NO_INTERRUPT) == 0;
    }
    int event = (int) available.load(4 + 2L * size, 2);
    return !signalledBefore || (returned - event - 1 & 0xffff) < (returned - signalled & 0xffff);
  }

  @Override
  public void putBack(VirtioRequest request) {
    seen = seen - 1 & 0xffff;
  }

  @Override
  public void ignoreKicks() {
    if (!eventIndex) {
      used.store(0, 2, NO_KICK);
    }
  }

  @Override
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
