package io.flatview.examples.bench.rcu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** A section behind stores that have not reached the cache: a fence has to wait for them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PendingStores {

  /**
   * The stores and a bare read.
   *
   * @param shared holds the pointer
   * @param lines the stores
   * @return what was read
   */
  @Benchmark
  public int unprotected(SharedPolicy shared, DirtyLines lines) {
    lines.dirty();
    return shared.readUnprotected();
  }

  /**
   * The stores and a section.
   *
   * @param shared the policy
   * @param own the reader
   * @param lines the stores
   * @return what was read
   */
  @Benchmark
  public int section(SharedPolicy shared, ThreadReader own, DirtyLines lines) {
    lines.dirty();
    return shared.read(own.reader());
  }
}
