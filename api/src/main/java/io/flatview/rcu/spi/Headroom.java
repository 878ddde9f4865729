package io.flatview.rcu.spi;

/** Makes sure of stack for what must not be broken off in the middle. */
final class Headroom {

  /*
   * A StackOverflowError comes where a method is called, so a step that calls methods can be broken off anywhere. Steps
   * that cannot be undone begin by going as deep as they might, and coming back: if the stack is too short for that,
   * the error comes here, before anything has changed. Entering and leaving a section is too cheap for this, and is
   * repaired afterwards instead (see Slot).
   *
   * A frame here has a dozen words, compiled or not; the steps go through some ten methods, and through the first call
   * of a VarHandle, which links it in interpreted code.
   */

  private static final int FRAMES = 128;
  private static final int FRAMES_OF_AN_EXIT = 16;

  private Headroom() {}

  /** Returns if there is stack for a step of this package; else throws the StackOverflowError of the step. */
  static void require() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  /** Checked mode, before a section is entered: returns if there is stack to leave it. */
  static void requireForExit() {
    descend(FRAMES_OF_AN_EXIT, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  private static long descend(int left, long a, long b, long c, long d, long e, long f, long g, long h) {
    return left == 0
        ? a + b + c + d + e + f + g + h
        : descend(left - 1, b, c, d, e, f, g, h, a) + a + b + c + d + e + f + g + h;
  }
}
