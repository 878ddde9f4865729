package io.flatview.dispatch;

import io.flatview.memory.MemoryListener;
import java.util.Comparator;

/**
 * A registered listener.
 *
 * @param listener who
 * @param priority as it was at registration
 * @param nops whether it hears of sections that stay as they are, as it was at registration
 * @param sequence the order of registration in the memory system
 */
record ListenerEntry(MemoryListener listener, int priority, boolean nops, boolean doorbells, long sequence) {

  static ListenerEntry of(MemoryListener listener, long sequence) {
    return new ListenerEntry(listener, listener.priority(), listener.wantsNops(), listener.wantsDoorbells(), sequence);
  }

  /** Whether this is the place of a listener; one may have places for several ranges. */
  boolean isFor(MemoryListener other) {
    return listener == other || other instanceof RangeListener && listener.equals(other);
  }

  /** The order of ascending passes; descending passes go the other way. */
  static final Comparator<ListenerEntry> ASCENDING =
      Comparator.comparingInt(ListenerEntry::priority).thenComparingLong(ListenerEntry::sequence);
}
