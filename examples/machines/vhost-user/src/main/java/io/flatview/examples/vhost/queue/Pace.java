package io.flatview.examples.vhost.queue;

import io.flatview.examples.virtio.VirtioRequest;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long requests have lately taken, by their direction and the power of two of their size. Each time moves the
 * estimate by a quarter towards it, however far away it is: so the estimate follows the median, and a thread that lost
 * its processor once moves it little.
 *
 * <p>Called by any thread. Two that write at once lose one of two times, which does no harm.
 */
final class Pace {

  private static final int SIZES = Long.SIZE;
  private static final int STEP_SHIFT = 2;
  private static final long LEAST_NANOS = 256;

  /** About what a copy in memory takes, until something is known. */
  private static final int BYTES_A_NANOSECOND = 8;

  private final AtomicLongArray nanos = new AtomicLongArray(2 * SIZES);

  Pace() {
    for (int size = 0; size < SIZES; size++) {
      long assumed = Math.max(LEAST_NANOS, (1L << Math.min(size, SIZES - 2)) / BYTES_A_NANOSECOND);
      nanos.set(size, assumed);
      nanos.set(SIZES + size, assumed);
    }
  }

  /** The kind of a request. */
  static int kind(VirtioRequest request) {
    long readable = request.readableBytes();
    long writable = request.writableBytes();
    int size = SIZES - 1 - Long.numberOfLeadingZeros(readable + writable | 1);
    return readable > writable ? SIZES + size : size;
  }

  /** Notes how long a request took. */
  void took(int kind, long time) {
    long before = nanos.getOpaque(kind);
    long step = before >> STEP_SHIFT;
    nanos.setOpaque(kind, Math.max(LEAST_NANOS, time > before ? before + step : before - step));
  }

  /** How long a request of a kind may take, in ns. */
  long expected(int kind) {
    return nanos.getOpaque(kind);
  }
}
