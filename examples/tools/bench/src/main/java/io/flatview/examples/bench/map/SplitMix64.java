package io.flatview.examples.bench.map;

/** The generator that all streams are drawn from, so that they can be compared with those of other programs. */
final class SplitMix64 {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  long next() {
    state += GAMMA;
    long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Below a bound, unsigned. */
  long below(long bound) {
    return Long.remainderUnsigned(next(), bound);
  }
}
