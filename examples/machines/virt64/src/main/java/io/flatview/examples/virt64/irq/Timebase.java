package io.flatview.examples.virt64.irq;

/** The machine's clock: 10 MHz since it was made. Thread-safe. */
public final class Timebase {

  /** Ticks a second. */
  public static final int FREQUENCY = 10_000_000;

  private static final int NANOS_PER_TICK = 100;

  private final long start = System.nanoTime();
  private volatile long offset;

  /** A clock that starts at 0. */
  public Timebase() {}

  /**
   * The time.
   *
   * @return ticks
   */
  public long now() {
    return (System.nanoTime() - start) / NANOS_PER_TICK + offset;
  }

  /**
   * Sets the time.
   *
   * @param ticks the new time
   */
  public void set(long ticks) {
    offset += ticks - now();
  }

  /**
   * How long until a time.
   *
   * @param ticks the time to wait for, in ticks, unsigned
   * @param limit nanoseconds at most
   * @return nanoseconds, 0 if it has passed
   */
  public long nanosUntil(long ticks, long limit) {
    long now = now();
    if (Long.compareUnsigned(ticks, now) <= 0) {
      return 0;
    }
    return Long.compareUnsigned(ticks - now, limit / NANOS_PER_TICK) >= 0 ? limit : (ticks - now) * NANOS_PER_TICK;
  }
}
