package io.flatview.examples.bench.rcu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Shared arenas: native memory that the JDK itself protects from being freed under a reader. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ArenaBaselines {

  private Arena arena;
  private MemorySegment segment;

  /** Allocates what is read. */
  @Setup
  public void open() {
    arena = Arena.ofShared();
    segment = arena.allocate(ValueLayout.JAVA_INT);
  }

  /** Frees it. */
  @TearDown
  public void close() {
    arena.close();
  }

  /**
   * A read that is checked for liveness and bounds.
   *
   * @return what was read
   */
  @Benchmark
  public int access() {
    return segment.get(ValueLayout.JAVA_INT, 0);
  }

  /** A lifetime: closing shakes hands with every thread of the process. */
  @Benchmark
  public void openAndClose() {
    Arena.ofShared().close();
  }
}
