package io.flatview.rcu.contract;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A recycled element. Its age is 0 while it is linked, 1 once it is unlinked, and one more for each grace period since.
 * Its words are all alike while it may be read, and poisoned from age 2.
 */
final class AgeingElement {

  static final int UNLINKED = 1;
  static final int FREED = 2;
  static final int RECYCLED = 10;

  private static final int WORDS = 8;
  private static final long POISON = 0xdeadbeefdeadbeefL;

  private final AtomicInteger age = new AtomicInteger(FREED);
  private final AtomicLongArray words = new AtomicLongArray(WORDS);

  /** Plain on purpose: only the order of linking and following the pointer shows it to a reader. */
  private final AtomicBoolean built = new AtomicBoolean();

  /** For the updater, before it links the element. */
  void fill(long serial) {
    write(serial);
    age.set(0);
    built.setPlain(true);
  }

  /** For the updater, after it unlinked the element and after each grace period from then on; returns the new age. */
  int grow() {
    int next = age.incrementAndGet();
    if (next == FREED) {
      built.setPlain(false);
      write(POISON);
    }
    return next;
  }

  int age() {
    return age.get();
  }

  /** For a reader: whether it sees what was written before the element was linked. */
  boolean isBuilt() {
    return built.getPlain();
  }

  /** For a reader: whether the words are alike, looked at a number of times, and not poisoned. */
  boolean isIntact(int looks) {
    long serial = words.getOpaque(0);
    for (int i = 0; i < looks; i++) {
      if (words.getOpaque(i % WORDS) != serial) {
        return false;
      }
    }
    return serial != POISON;
  }

  private void write(long value) {
    for (int i = 0; i < WORDS; i++) {
      words.setOpaque(i, value);
    }
  }
}
