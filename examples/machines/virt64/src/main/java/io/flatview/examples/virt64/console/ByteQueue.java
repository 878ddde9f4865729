package io.flatview.examples.virt64.console;

/**
 * Bytes on their way from many threads, which never wait, to one, which does. It holds as many as it was made for.
 * Guarded by its monitor.
 */
final class ByteQueue {

  private final byte[] ring;
  private int first;
  private int count;
  private boolean ended;

  ByteQueue(int capacity) {
    ring = new byte[capacity];
  }

  /** @return false if the byte was not taken, for want of room or since the queue has ended */
  synchronized boolean offer(byte value) {
    if (count == ring.length || ended) {
      return false;
    }
    ring[(first + count) % ring.length] = value;
    count++;
    notifyAll();
    return true;
  }

  synchronized boolean hasRoom() {
    return count < ring.length;
  }

  /** Takes some bytes, and waits for the first. @return how many; -1 after the last */
  synchronized int take(byte[] into) throws InterruptedException {
    while (count == 0 && !ended) {
      wait();
    }
    int taken = Math.min(count, into.length);
    for (int i = 0; i < taken; i++) {
      into[i] = ring[(first + i) % ring.length];
    }
    first = (first + taken) % ring.length;
    count -= taken;
    return taken == 0 ? -1 : taken;
  }

  /** Takes no more in; bytes that are in can still be taken. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Throws away what is there, and takes no more in. */
  synchronized void drop() {
    count = 0;
    end();
  }

  synchronized int size() {
    return count;
  }
}
