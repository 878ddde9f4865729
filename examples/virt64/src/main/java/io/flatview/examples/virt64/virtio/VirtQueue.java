package io.flatview.examples.virt64.virtio;

import io.flatview.examples.virt64.dma.BusMaster;
import io.flatview.examples.virt64.virtio.VirtioRequest.Buffer;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A split virtqueue as the device sees it. Immutable but for its two indices, which belong to the device's thread.
 */
final class VirtQueue {

  private static final int DESCRIPTOR_BYTES = 16;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int NO_INTERRUPT = 1;

  private final int size;
  private final long descriptors;
  private final long available;
  private final long used;
  private int seen;
  private int returned;

  VirtQueue(int size, long descriptors, long available, long used) {
    this.size = size;
    this.descriptors = descriptors;
    this.available = available;
    this.used = used;
  }

  /** One page-aligned block: descriptors, available ring, and behind the next boundary the used ring. */
  static VirtQueue legacy(int size, long address, long alignment) {
    long available = address + (long) size * DESCRIPTOR_BYTES;
    long end = available + 6 + 2L * size;
    return new VirtQueue(size, address, available, end + alignment - 1 & -alignment);
  }

  /** @return null if there is none */
  VirtioRequest poll(BusMaster bus) {
    int index = (int) bus.load(available + 2, 2);
    if (index == seen) {
      return null;
    }
    // Pairs with the guest's fence between the ring entry and the index: the entry is not read before the index.
    VarHandle.fullFence();
    int head = (int) bus.load(available + 4 + 2L * (seen % size), 2);
    seen = seen + 1 & 0xffff;
    return new VirtioRequest(head, chain(bus, head));
  }

  private List<Buffer> chain(BusMaster bus, int head) {
    List<Buffer> buffers = new ArrayList<>();
    int flags = NEXT;
    for (int at = head; (flags & NEXT) != 0 && buffers.size() < size; ) {
      long descriptor = descriptors + (long) at % size * DESCRIPTOR_BYTES;
      flags = (int) bus.load(descriptor + 12, 2);
      buffers.add(new Buffer(bus.load(descriptor, 8), (int) bus.load(descriptor + 8, 4), (flags & WRITE) != 0));
      at = (int) bus.load(descriptor + 14, 2);
    }
    return buffers;
  }

  /** @return whether the guest wants an interrupt */
  boolean complete(BusMaster bus, VirtioRequest request) {
    long entry = used + 4 + (long) (returned % size) * 8;
    bus.store(entry, 4, request.head());
    bus.store(entry + 4, 4, request.writableBytes());
    returned = returned + 1 & 0xffff;
    // Pairs with the guest's fence between the index and what it covers: both are written before the index.
    VarHandle.fullFence();
    bus.store(used + 2, 2, returned);
    VarHandle.fullFence();
    return (bus.load(available, 2) & NO_INTERRUPT) == 0;
  }
}
