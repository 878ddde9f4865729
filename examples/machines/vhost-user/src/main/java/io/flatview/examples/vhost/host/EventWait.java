package io.flatview.examples.vhost.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits for any of a few events. Confined to a thread. */
public final class EventWait {

  private static final int ENTRY_BYTES = 8;
  private static final short READABLE = 1;

  private final Event[] events;
  private final MemorySegment entries;

  /**
   * A wait.
   *
   * @param events to wait for
   */
  public EventWait(Event... events) {
    this.events = events.clone();
    this.entries = Arena.ofAuto().allocate((long) ENTRY_BYTES * events.length, Integer.BYTES);
    for (int i = 0; i < events.length; i++) {
      entries.set(JAVA_INT, (long) ENTRY_BYTES * i, events[i].descriptor().number());
      entries.set(JAVA_SHORT, (long) ENTRY_BYTES * i + 4, READABLE);
    }
  }

  /**
   * Waits until one has happened, and takes those as not happened that have.
   *
   * @param millis for how long at most; less than 0 for ever
   * @return true if one has, false at the time limit or after a signal
   */
  public boolean await(int millis) {
    int happened = Libc.poll(entries, events.length, millis);
    for (int i = 0; happened > 0 && i < events.length; i++) {
      if (entries.get(JAVA_SHORT, (long) ENTRY_BYTES * i + 6) != 0) {
        events[i].clear();
      }
    }
    return happened > 0;
  }
}
