package io.flatview.examples.bench.mapped;

/** Times in buckets of an eighth of their size. Used by one thread. */
final class Histogram {

  private static final int STEPS = 8;

  private final long[] counts = new long[Long.SIZE * STEPS];
  private long total;

  void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    total++;
  }

  void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** The upper end of the bucket in which a share of all times ends. */
  long quantile(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    int bucket = 0;
    while (bucket < counts.length - 1 && (seen += counts[bucket]) < wanted) {
      bucket++;
    }
    return end(bucket);
  }

  private static int bucket(long nanos) {
    if (nanos < STEPS) {
      return (int) nanos;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    return (exponent - 2) * STEPS + (int) (nanos >>> exponent - 3 & STEPS - 1);
  }

  private static long end(int bucket) {
    return bucket < STEPS ? bucket : (long) (STEPS + bucket % STEPS + 1) << bucket / STEPS - 1;
  }
}
