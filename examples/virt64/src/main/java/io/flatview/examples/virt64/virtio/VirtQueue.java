package io.flatview.examples.virt64.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A split virtqueue as the device sees it. Immutable but for its two indices, which belong to the device's thread. What
 * no driver may put into a queue is a {@link DmaException}.
 */
final class VirtQueue {

  /** As many descriptors as a queue may have. */
  static final int MAX_SIZE = 256;

  private static final int DESCRIPTOR_BYTES = 16;
  private static final int AVAILABLE_BYTES = 6;
  private static final int USED_BYTES = 6;
  private static final int USED_ENTRY_BYTES = 8;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;
  private static final int NO_INTERRUPT = 1;
  private static final long UNSIGNED_INT = 0xffff_ffffL;

  private final int size;
  private final long descriptors;
  private final long available;
  private final long used;
  private int seen;
  private int returned;

  VirtQueue(int size, long descriptors, long available, long used) {
    this.size = checkedSize(size);
    this.descriptors = new DmaRange(descriptors, descriptorBytes(size)).address();
    this.available = new DmaRange(available, availableBytes(size)).address();
    this.used = new DmaRange(used, usedBytes(size)).address();
  }

  private static int checkedSize(int size) {
    if (size < 1 || size > MAX_SIZE || Integer.bitCount(size) != 1) {
      throw new DmaException("a queue of " + Integer.toUnsignedString(size) + " descriptors");
    }
    return size;
  }

  private static long descriptorBytes(int size) {
    return (long) size * DESCRIPTOR_BYTES;
  }

  private static long availableBytes(int size) {
    return AVAILABLE_BYTES + 2L * size;
  }

  private static long usedBytes(int size) {
    return USED_BYTES + (long) size * USED_ENTRY_BYTES;
  }

  /**
   * One block: descriptors, available ring, and behind the next boundary the used ring.
   *
   * @param size as the driver gave it
   * @param address of the block
   * @param alignment of the used ring, unsigned, as the driver gave it
   */
  static VirtQueue legacy(int size, long address, long alignment) {
    if (Long.bitCount(alignment) != 1) {
      throw new DmaException("a used ring at a multiple of " + alignment);
    }
    long before = descriptorBytes(checkedSize(size)) + availableBytes(size);
    DmaRange block = new DmaRange(address, before + alignment + usedBytes(size));
    long used = block.address() + before + alignment - 1 & -alignment;
    return new VirtQueue(size, address, address + descriptorBytes(size), used);
  }

  /** @return null if there is none */
  VirtioRequest poll(DmaPort port) {
    int index = (int) port.load(available + 2, 2);
    int waiting = index - seen & 0xffff;
    if (waiting == 0) {
      return null;
    }
    if (waiting > size) {
      throw new DmaException("available index " + index + " after " + seen + " in a queue of " + size);
    }
    // Pairs with the guest's fence between the ring entry and the index: the entry is not read before the index.
    VarHandle.fullFence();
    int head = (int) port.load(available + 4 + 2L * (seen % size), 2);
    seen = seen + 1 & 0xffff;
    return chain(port, head);
  }

  private VirtioRequest chain(DmaPort port, int head) {
    List<DmaRange> readable = new ArrayList<>();
    List<DmaRange> writable = new ArrayList<>();
    int flags = NEXT;
    for (int at = head; (flags & NEXT) != 0; ) {
      long descriptor = descriptor(at, readable.size() + writable.size());
      flags = (int) port.load(descriptor + 12, 2);
      DmaRange buffer = new DmaRange(port.load(descriptor, 8), port.load(descriptor + 8, 4));
      check(buffer, flags, !writable.isEmpty());
      ((flags & WRITE) != 0 ? writable : readable).add(buffer);
      at = (int) port.load(descriptor + 14, 2);
    }
    return new VirtioRequest(head, readable, writable);
  }

  private long descriptor(int index, int before) {
    if (index >= size || before >= size) {
      throw new DmaException("descriptor " + index + " after " + before + " others in a queue of " + size);
    }
    return descriptors + (long) index * DESCRIPTOR_BYTES;
  }

  private static void check(DmaRange buffer, int flags, boolean afterWritable) {
    boolean outOfOrder = afterWritable && (flags & WRITE) == 0;
    if (buffer.length() == 0 || outOfOrder || (flags & INDIRECT) != 0) {
      throw new DmaException("buffer " + buffer + " with flags " + flags + (outOfOrder ? " after one to write" : ""));
    }
  }

  /** @return whether the guest wants an interrupt */
  boolean complete(DmaPort port, VirtioRequest request) {
    long entry = used + 4 + (long) (returned % size) * USED_ENTRY_BYTES;
    port.store(entry, 4, request.head());
    port.store(entry + 4, 4, Math.min(VirtioRequest.bytes(request.writable()), UNSIGNED_INT));
    returned = returned + 1 & 0xffff;
    // Pairs with the guest's fence between the index and what it covers: both are written before the index.
    VarHandle.fullFence();
    port.store(used + 2, 2, returned);
    VarHandle.fullFence();
    return (port.load(available, 2) & NO_INTERRUPT) == 0;
  }
}
