package io.flatview.examples.bench.rcu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** How long a writer waits for readers that are busy, and how much of that is the barrier. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GracePeriods {

  /**
   * A grace period.
   *
   * @param shared the policy
   * @param busy the readers
   */
  @Benchmark
  public void synchronize(SharedPolicy shared, BusyReaders busy) {
    shared.policy().synchronize();
  }

  /**
   * A grace period in haste.
   *
   * @param shared the policy
   * @param busy the readers
   */
  @Benchmark
  public void expedited(SharedPolicy shared, BusyReaders busy) {
    shared.policy().synchronizeExpedited();
  }

  /**
   * The barrier alone.
   *
   * @param shared the policy
   * @param busy the readers
   * @param barrier the system call
   */
  @Benchmark
  public void membarrier(SharedPolicy shared, BusyReaders busy, Membarrier barrier) {
    barrier.issue();
  }
}
