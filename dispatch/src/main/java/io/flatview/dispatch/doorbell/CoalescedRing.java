package io.flatview.dispatch.doorbell;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes that a device has not seen yet, in the order in which they were made.
 *
 * <p>The lock is held while the device gets them, so that nobody overtakes. {@code pending} counts what the device has
 * not taken in full: whoever happens after a buffered write sees it above zero and takes the lock, which waits for a
 * delivery under way. A device that is being delivered to may come back: its own thread holds the lock and is not kept
 * from anything.
 *
 * <p>A thread that delivers does not wait for the delivery of another device, since that one's thread may be waiting for
 * this one's.
 */
final class CoalescedRing {

  static final int CAPACITY = 256;

  private static final ThreadLocal<int[]> DELIVERING = ThreadLocal.withInitial(() -> new int[1]);

  private final DeviceGate.Taker device;
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] offsets = new long[CAPACITY];
  private final int[] sizes = new int[CAPACITY];
  private final long[] values = new long[CAPACITY];
  private int head;
  private int count;
  private volatile int pending;

  CoalescedRing(DeviceGate.Taker device) {
    this.device = device;
  }

  void add(long offset, int size, long value) {
    lock.lock();
    try {
      if (count == CAPACITY) {
        deliver();
      }
      int at = (head + count) % CAPACITY;
      offsets[at] = offset;
      sizes[at] = size;
      values[at] = value;
      count++;
      pending++;
    } finally {
      lock.unlock();
    }
  }

  void flush() {
    if (pending == 0 || lock.isHeldByCurrentThread()) {
      return;
    }
    if (DELIVERING.get()[0] == 0) {
      lock.lock();
    } else if (!lock.tryLock()) {
      return;
    }
    try {
      deliver();
    } finally {
      lock.unlock();
    }
  }

  private void deliver() {
    int[] depth = DELIVERING.get();
    depth[0]++;
    try {
      while (count > 0) {
        deliverOne();
      }
    } finally {
      depth[0]--;
    }
  }

  private void deliverOne() {
    int at = head;
    long offset = offsets[at];
    int size = sizes[at];
    long value = values[at];
    head = (head + 1) % CAPACITY;
    count--;
    try {
      device.write(offset, size, value);
    } finally {
      pending--;
    }
  }
}
