package io.flatview.dispatch.access;

/**
 * Checks for the stack that leaving a section or a device may need, before it is entered: so that the stack overflows
 * before anything is entered, and never where something must be left.
 *
 * <p>In the interpreter each local variable takes room in the frame, used or not, and each call checks for the end of
 * the stack: so these calls need some 4 KB there. Compiled, they need nothing, and the compiled code that leaves needs
 * next to nothing either.
 */
public final class StackRoom {

  private static final int FRAMES = 14;
  private static final int FRAMES_OF_A_LOCK = 3;
  private static final long[] VALUES = new long[48];

  private StackRoom() {}

  /**
   * Throws if less than some 6 KB are left, compiled or not. Takes some 40 ns, so it is for slow operations.
   *
   * @throws StackOverflowError with nothing begun
   */
  public static void requireForSure() {
    descend(FRAMES, VALUES);
  }

  /** Throws if less than some 1.5 KB are left, compiled or not: enough to release a lock. */
  static void requireForLock() {
    descend(FRAMES_OF_A_LOCK, VALUES);
  }

  /**
   * Each frame has room for the values that the last but one keeps across a call, so that some 400 bytes a frame are
   * claimed, and written to in one frame only. The compiler cannot remove any of it: the values are loaded before a
   * call that may change them, and combined with its result, and the method is too long to be inlined.
   */
  private static long descend(int left, long[] from) {
    if (left < 0) {
      return left;
    }
    if (left > 0) {
      return descend(left - 1, from);
    }
    long a0 = from[0], a1 = from[1], a2 = from[2], a3 = from[3], a4 = from[4], a5 = from[5];
    long b0 = from[6], b1 = from[7], b2 = from[8], b3 = from[9], b4 = from[10], b5 = from[11];
    long c0 = from[12], c1 = from[13], c2 = from[14], c3 = from[15], c4 = from[16], c5 = from[17];
    long d0 = from[18], d1 = from[19], d2 = from[20], d3 = from[21], d4 = from[22], d5 = from[23];
    long e0 = from[24], e1 = from[25], e2 = from[26], e3 = from[27], e4 = from[28], e5 = from[29];
    long f0 = from[30], f1 = from[31], f2 = from[32], f3 = from[33], f4 = from[34], f5 = from[35];
    long g0 = from[36], g1 = from[37], g2 = from[38], g3 = from[39], g4 = from[40], g5 = from[41];
    long h0 = from[42], h1 = from[43], h2 = from[44], h3 = from[45], h4 = from[46], h5 = from[47];
    long end = descend(-1, from);
    return (a0 ^ end) + (a1 ^ end) + (a2 ^ end) + (a3 ^ end) + (a4 ^ end) + (a5 ^ end)
        + (b0 ^ end) + (b1 ^ end) + (b2 ^ end) + (b3 ^ end) + (b4 ^ end) + (b5 ^ end)
        + (c0 ^ end) + (c1 ^ end) + (c2 ^ end) + (c3 ^ end) + (c4 ^ end) + (c5 ^ end)
        + (d0 ^ end) + (d1 ^ end) + (d2 ^ end) + (d3 ^ end) + (d4 ^ end) + (d5 ^ end)
        + (e0 ^ end) + (e1 ^ end) + (e2 ^ end) + (e3 ^ end) + (e4 ^ end) + (e5 ^ end)
        + (f0 ^ end) + (f1 ^ end) + (f2 ^ end) + (f3 ^ end) + (f4 ^ end) + (f5 ^ end)
        + (g0 ^ end) + (g1 ^ end) + (g2 ^ end) + (g3 ^ end) + (g4 ^ end) + (g5 ^ end)
        + (h0 ^ end) + (h1 ^ end) + (h2 ^ end) + (h3 ^ end) + (h4 ^ end) + (h5 ^ end);
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
