package io.flatview.stack;

/** Checks for stack before steps that a stack overflow must not break off half way. */
public final class Headroom {

  /*
   * A StackOverflowError comes where a method is called, so a step that calls methods can be broken off anywhere. Steps
   * that cannot be undone begin by going as deep as they might, and coming back: if the stack is too short for that,
   * the error comes here, before anything has changed. Entering and leaving a section is too cheap for this, and is
   * repaired afterwards instead (see the engine's Slot).
   *
   * A frame here has a dozen words, compiled or not; the steps go through some ten methods, and through the first call
   * of a VarHandle, which links it in interpreted code.
   *
   * For a reader that lives as long as a request, going that deep would be half of its cost. After PRACTICE
   * registrations all of that code is linked and compiled, and a third of the depth is ample. The counter is plain:
   * threads that overwrite each other's count only delay that a little.
   */

  private static final int FRAMES = 128;
  private static final int FRAMES_PRACTISED = 40;
  private static final int FRAMES_OF_AN_EXIT = 16;
  private static final int FRAMES_TO_LINK = 320;
  private static final int PRACTICE = 20_000;

  private static int registrations;

  private Headroom() {}

  /**
   * Returns if there is stack for a step of the engine, or to give memory back.
   *
   * @throws StackOverflowError in place of the step's
   */
  public static void require() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  /**
   * Returns if there is stack to register a reader.
   *
   * @throws StackOverflowError in place of the registration's
   */
  public static void requireToRegister() {
    int before = registrations;
    if (before >= PRACTICE) {
      descend(FRAMES_PRACTISED, 1, 2, 3, 4, 5, 6, 7, 8);
    } else {
      require();
      registrations = before + 1;
    }
  }

  /**
   * Returns if there is stack to link a call of the system, for which the JDK makes code: some 20 KB.
   *
   * @throws StackOverflowError before anything is linked
   */
  public static void requireToLink() {
    descend(FRAMES_TO_LINK, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  /**
   * Checked mode, before a section is entered: returns if there is stack to leave it.
   *
   * @throws StackOverflowError before anything is entered
   */
  public static void requireForExit() {
    descend(FRAMES_OF_AN_EXIT, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  private static long descend(int left, long a, long b, long c, long d, long e, long f, long g, long h) {
    return left == 0
        ? a + b + c + d + e + f + g + h
        : descend(left - 1, b, c, d, e, f, g, h, a) + a + b + c + d + e + f + g + h;
  }
}
