package io.flatview.dispatch.doorbell;

import io.flatview.dispatch.waits.Held;
import io.flatview.dispatch.waits.Wait;
import io.flatview.dispatch.waits.WaitGraph;
import io.flatview.dispatch.waits.Waits;
import io.flatview.memory.MemTxAttrs;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue of coalesced stores that a device has not received yet.
 *
 * <p>The lock {@code delivery} is held while the device gets them, so that no store overtakes another; {@code buffer}
 * guards the queue, and is never held while a device is called. {@code pending} counts the stores that the device has
 * not taken in full: a thread whose access happens after a buffered store sees it above zero and takes {@code
 * delivery}, which waits for a delivery under way. The device may access itself during a delivery: its own thread holds
 * the lock already.
 *
 * <p>A thread that is inside a device does not wait for the delivery to another device, since that delivery's thread
 * may be waiting for this one. A thread outside devices waits, unless that would be in a circle: it may hold a map's
 * lock, or be in a device of another memory system.
 */
final class CoalescedRing {

  static final int CAPACITY = 256;

  private final Delivery delivery = new Delivery();
  private final ReentrantLock buffer = new ReentrantLock();
  private final Store[] stores = new Store[CAPACITY];
  private int head;
  private int count;
  private volatile int pending;

  /** The lock of deliveries. */
  @SuppressWarnings("serial") // never serialized
  private static final class Delivery extends ReentrantLock {

    /** For a thread that waits until the device has got its stores. */
    Held to(DeviceGate.Taker device) {
      return new Held() {
        @Override
        public Thread holder() {
          return getOwner();
        }

        @Override
        public String toString() {
          return "the delivery of coalesced stores to " + device;
        }
      };
    }
  }

  /** A reusable entry of the ring. */
  private static final class Store {
    long offset;
    int size;
    long value;
    MemTxAttrs attributes;

    void set(long at, int bytes, long stored, MemTxAttrs by) {
      offset = at;
      size = bytes;
      value = stored;
      attributes = by;
    }
  }

  CoalescedRing() {
    for (int i = 0; i < CAPACITY; i++) {
      stores[i] = new Store();
    }
  }

  boolean isEmpty() {
    return pending == 0;
  }

  /** Adds a store, unless the ring is full. */
  boolean add(long offset, int size, long value, MemTxAttrs attributes) {
    buffer.lock();
    try {
      if (pending == CAPACITY) {
        return false;
      }
      stores[(head + count) % CAPACITY].set(offset, size, value, attributes);
      count++;
      pending++;
      return true;
    } finally {
      buffer.unlock();
    }
  }

  /**
   * Delivers the stores that are in the ring at the start. Later ones stay in it, since otherwise a fast writer could
   * occupy this thread for ever.
   */
  void deliver(DeviceGate.Taker device, boolean mayWait) {
    if (delivery.isHeldByCurrentThread()) {
      return;
    }
    if (!delivery.tryLock() && !(mayWait && isLockedLater(device))) {
      return;
    }
    try {
      for (int left = waiting(); left > 0; left--) {
        deliverOne(device);
      }
    } finally {
      delivery.unlock();
    }
  }

  private boolean isLockedLater(DeviceGate.Taker device) {
    Wait wait = new Wait(Thread.currentThread(), delivery.to(device), Wait.Price.AN_ACCESS);
    return Waits.take(WaitGraph.ALL, delivery, wait, false) == null;
  }

  /**
   * The number of stores in the ring. Corrects {@code pending}, from which a delivery that ran out of stack may not
   * have subtracted its store.
   */
  private int waiting() {
    buffer.lock();
    try {
      pending = count;
      return count;
    } finally {
      buffer.unlock();
    }
  }

  /** Delivers one store. Its entry is not used again before {@code pending} is decremented. */
  private void deliverOne(DeviceGate.Taker device) {
    Store store = next();
    try {
      device.deliver(store.offset, store.size, store.value, store.attributes);
    } finally {
      taken();
    }
  }

  private Store next() {
    buffer.lock();
    try {
      Store store = stores[head];
      head = (head + 1) % CAPACITY;
      count--;
      return store;
    } finally {
      buffer.unlock();
    }
  }

  private void taken() {
    buffer.lock();
    try {
      pending--;
    } finally {
      buffer.unlock();
    }
  }
}
