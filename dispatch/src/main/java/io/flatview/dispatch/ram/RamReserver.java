package io.flatview.dispatch.ram;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Takes address space from the system, zeroed. */
interface RamReserver {

  /** Memory and the way to give it back. */
  record Reservation(MemorySegment segment, Runnable release) {}

  /**
   * Reserves memory.
   *
   * @throws OutOfMemoryError if the system refuses
   */
  Reservation reserve(long bytes);

  /**
   * The best way there is here. In checked mode an arena, so that an access after the release throws where it would
   * otherwise crash; a close is a handshake with every thread then.
   */
  static RamReserver choose(boolean checked) {
    return checked || !AnonymousMapping.isSupported() ? RamReserver::inArena : new AnonymousMapping();
  }

  private static Reservation inArena(long bytes) {
    Arena arena = Arena.ofShared();
    try {
      return new Reservation(arena.allocate(bytes), arena::close);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }
}
