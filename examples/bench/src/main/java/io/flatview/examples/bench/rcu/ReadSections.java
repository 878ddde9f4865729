package io.flatview.examples.bench.rcu;

import io.flatview.rcu.Reader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** A whole read-side section: enter, dereference, leave. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadSections {

  /**
   * A reference outside any section: what is left of the checks when checked mode is off.
   *
   * @param shared the policy
   * @return what was read
   */
  @Benchmark
  public int unprotected(SharedPolicy shared) {
    return shared.readUnprotected();
  }

  /**
   * A reader that the code carries with it.
   *
   * @param shared the policy
   * @param own the reader
   * @return what was read
   */
  @Benchmark
  public int explicit(SharedPolicy shared, ThreadReader own) {
    return shared.read(own.reader());
  }

  /**
   * A reader that is looked up for each section.
   *
   * @param shared the policy
   * @return what was read
   */
  @Benchmark
  public int implicit(SharedPolicy shared) {
    return shared.read(shared.policy().currentReader());
  }

  /**
   * A section and the announcement of a quiescent state.
   *
   * @param shared the policy
   * @param own the reader
   * @return what was read
   */
  @Benchmark
  public int announced(SharedPolicy shared, ThreadReader own) {
    Reader reader = own.reader();
    int value = shared.read(reader);
    reader.quiescent();
    return value;
  }
}
