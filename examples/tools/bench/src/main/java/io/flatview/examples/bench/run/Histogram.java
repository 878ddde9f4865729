package io.flatview.examples.bench.run;

/** Times in buckets of an eighth of their size. Used by one thread. */
public final class Histogram {

  private static final int STEPS = 8;

  private final long[] counts = new long[Long.SIZE * STEPS];
  private long total;

  /** Without any times. */
  public Histogram() {}

  /**
   * Counts a time.
   *
   * @param nanos the time; one below 0 counts as 0
   */
  public void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    total++;
  }

  /**
   * Counts all times of another.
   *
   * @param other keeps its own
   */
  public void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /**
   * The time that a share of all times does not exceed.
   *
   * @param share from 0 to 1, inclusive
   * @return the upper end of a bucket, in nanoseconds
   */
  public long quantile(double share) {
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
