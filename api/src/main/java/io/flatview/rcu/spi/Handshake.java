package io.flatview.rcu.spi;

import java.lang.foreign.Arena;

/** Issues a full fence in every thread by a thread-local handshake, where the process has nothing cheaper. */
final class Handshake {

  private Handshake() {}

  /**
   * Orders, in each thread, all accesses before some point in its program with all that come after it; the point lies
   * between the beginning and the end of this call. Closing a shared arena has to make sure that no thread is in the
   * midst of an access to it: HotSpot stops each of them at its next safepoint, one after the other. It takes some 40
   * us.
   */
  static void withAll() {
    Arena.ofShared().close();
  }
}
