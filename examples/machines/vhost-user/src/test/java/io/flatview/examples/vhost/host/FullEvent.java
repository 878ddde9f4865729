package io.flatview.examples.vhost.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Fills the counter of an event, so that a blocking write to it would not return. */
public final class FullEvent {

  private FullEvent() {}

  public static void fill(Event event) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment most = arena.allocateFrom(ValueLayout.JAVA_LONG, -2L);
      Libc.write(event.descriptor().number(), most);
    }
  }
}
