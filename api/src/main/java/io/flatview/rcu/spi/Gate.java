package io.flatview.rcu.spi;

import java.util.concurrent.atomic.AtomicLong;

/** Counts each call that passes, until it is shut for good. */
final class Gate {

  /*
   * The count and the state share one word, so that it is never in doubt whether a caller passed before the gate was
   * shut: the count at that moment is exact, and it is final. All accesses are volatile; the sign bit means shut.
   */

  private static final long SHUT = Long.MIN_VALUE;

  private final AtomicLong word = new AtomicLong();

  /** Passes, unless the gate is shut. */
  boolean pass() {
    long seen = word.get();
    while (seen >= 0 && !word.compareAndSet(seen, seen + 1)) {
      seen = word.get();
    }
    return seen >= 0;
  }

  void shut() {
    word.getAndUpdate(seen -> seen | SHUT);
  }

  boolean isShut() {
    return word.get() < 0;
  }

  long count() {
    return word.get() & ~SHUT;
  }
}
