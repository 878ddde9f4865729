package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.util.ArrayList;
import java.util.List;

/** Makes a request of descriptors, in whatever ring they stand. Confined to the thread of its port. */
final class Chain {

  static final int DESCRIPTOR_BYTES = 16;
  static final int NEXT = 1;
  static final int WRITE = 2;
  static final int INDIRECT = 4;
  static final long UNSIGNED_INT = 0xffff_ffffL;

  /** As many descriptors as a request may have in a table of its own; so much QEMU takes, too. */
  private static final int MAX_INDIRECT = 1024;

  private final DmaPort buffers;
  private final boolean indirect;
  private List<DmaRange> readable;
  private List<DmaRange> writable;

  /**
   * Reads no descriptor yet.
   *
   * @param buffers whose addresses descriptors have
   * @param indirect whether the driver may make tables
   */
  Chain(DmaPort buffers, boolean indirect) {
    this.buffers = buffers;
    this.indirect = indirect;
  }

  void begin() {
    readable = new ArrayList<>(4);
    writable = new ArrayList<>(4);
  }

  /** How many buffers there are so far. */
  int length() {
    return readable.size() + writable.size();
  }

  VirtioRequest end(int head, int descriptors) {
    return new VirtioRequest(head, descriptors, readable, writable);
  }

  /** Adds a descriptor's buffer. */
  void add(long address, long length, int flags) {
    DmaRange buffer = new DmaRange(address, length);
    boolean outOfOrder = !writable.isEmpty() && (flags & WRITE) == 0;
    if (length == 0 || outOfOrder || (flags & INDIRECT) != 0) {
      throw new DmaException("buffer " + buffer + " with flags " + flags + (outOfOrder ? " after one to write" : ""));
    }
    ((flags & WRITE) != 0 ? writable : readable).add(buffer);
  }

  /**
   * Adds the buffers of a table.
   *
   * @param linked whether its descriptors name the next; otherwise they follow each other, to the end of the table
   */
  void addTable(long table, long bytes, int flags, boolean linked) {
    long count = bytes / DESCRIPTOR_BYTES;
    if (!indirect || bytes % DESCRIPTOR_BYTES != 0 || count == 0 || count > MAX_INDIRECT || (flags & NEXT) != 0) {
      throw new DmaException("a table of descriptors " + new DmaRange(table, bytes) + " with flags " + flags
          + (indirect ? "" : ", which the driver has not asked for"));
    }
    new DmaRange(table, bytes);
    int most = (int) count + length();
    for (long at = 0; at >= 0; ) {
      checkIndex(at, most);
      checkInTable(at, count);
      long word = buffers.load(table + at * DESCRIPTOR_BYTES + 8, 8);
      add(buffers.load(table + at * DESCRIPTOR_BYTES, 8), word & UNSIGNED_INT, flags(word, linked));
      at = linked ? next(word) : following(at, count);
    }
  }

  /** In a packed queue the number of the buffer stands before the flags, in a split one the next descriptor after. */
  private static int flags(long word, boolean linked) {
    return (int) (linked ? word >>> 32 & 0xffff : word >>> 48 & WRITE | word >>> 48 & INDIRECT);
  }

  /** The index of the next descriptor of a split queue, or -1. */
  static long next(long word) {
    return (word >>> 32 & NEXT) != 0 ? word >>> 48 : -1;
  }

  private static long following(long at, long count) {
    return at + 1 < count ? at + 1 : -1;
  }

  private static void checkInTable(long index, long count) {
    if (index >= count) {
      throw new DmaException("descriptor " + index + " of a table of " + count);
    }
  }

  void checkIndex(long index, int most) {
    int before = length();
    if (index >= most || before >= most) {
      throw new DmaException("descriptor " + index + " after " + before + " others in a queue of " + most);
    }
  }
}
