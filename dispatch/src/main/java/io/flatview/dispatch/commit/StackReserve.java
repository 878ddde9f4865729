package io.flatview.dispatch.commit;

/**
 * Makes sure that there is stack to undo a commit that fails, before the commit begins. If there is not, the thread
 * gets a {@link StackOverflowError} before anything has changed.
 *
 * <p>To undo a commit needs a few small frames, since it only stores references. The frames here are large and go
 * deeper, compiled or not: {@value #FRAMES} calls with sixteen numbers each, at least 2 KiB.
 */
final class StackReserve {

  private static final int FRAMES = 8;

  /** Keeps the calls from being compiled away. */
  private static volatile long used;

  private StackReserve() {}

  /** Throws {@link StackOverflowError} if the stack ends soon. */
  static void claim() {
    if (claim(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) == 0) {
      used = 1;
    }
  }

  private static long claim(
      int frames, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k, long l,
      long m, long n, long o, long p) {
    return frames == 0
        ? a
        : claim(frames - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a) + (a ^ b ^ c ^ d ^ e ^ f ^ g ^ h) + p;
  }
}
