package io.flatview.examples.bench.mapped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A way of swapping a mapped file under readers. One writer. */
abstract class Scheme implements AutoCloseable {

  private final AtomicInteger mapped = new AtomicInteger();
  private volatile int mostMapped;

  /** The means by which one thread reads. */
  interface Lookup extends AutoCloseable {

    long read(long offset);

    /** Between batches of reads. */
    default void rest() {}

    @Override
    default void close() {}
  }

  /** For the calling thread. */
  abstract Lookup lookup();

  /** Shows another file. */
  abstract void swap(Path next);

  /** No reader is left. */
  @Override
  public abstract void close();

  static long get(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
  }

  final void countMapped() {
    mostMapped = Math.max(mostMapped, mapped.incrementAndGet());
  }

  final void countUnmapped() {
    mapped.decrementAndGet();
  }

  /** Since it was asked last. */
  int mostMapped() {
    int most = mostMapped;
    mostMapped = mapped.get();
    return most;
  }
}
