package io.flatview.dispatch.access;

/**
 * The stack that the end of a section or of a device's call may need, asked for before its begin: so that the stack
 * overflows where nothing is entered yet, and never where something must be left.
 *
 * <p>The interpreter gives a frame to each local variable, used or not, and looks for the end of the stack at each
 * call: so these calls need some 4 KB there. Compiled, they are nothing, and the compiled code of what is left needs
 * next to nothing either.
 */
public final class StackRoom {

  private static final int FRAMES = 64;
  private static final int FRAMES_OF_A_LOCK = 16;

  private StackRoom() {}

  /**
   * Throws if less than some 6 KB are left, compiled or not. For what is slow anyway: it takes some 100 ns.
   *
   * @throws StackOverflowError with nothing begun
   */
  public static void requireForSure() {
    descend(FRAMES, 1, 2, 3, 4, 5, 6);
  }

  /** Throws if less than some 1.5 KB are left, compiled or not: what it takes to give a lock back. */
  static void requireForLock() {
    descend(FRAMES_OF_A_LOCK, 1, 2, 3, 4, 5, 6);
  }

  private static long descend(int left, long a, long b, long c, long d, long e, long f) {
    return left == 0 ? a : descend(left - 1, b, c, d, e, f, a) + a + b + c + d + e + f;
  }

  /**
   * Throws if less than some 4 KB are left.
   *
   * @throws StackOverflowError with nothing begun
   */
  static void require() {
    long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5;
    long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5;
    again();
  }

  private static void again() {
    long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5;
    long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5;
    last();
  }

  private static void last() {
    long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5;
    long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5;
  }
}
