package io.flatview.examples.bench.rcu;

import io.flatview.rcu.ReclaimAction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From retire to the action: many at once, and one alone. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Retirement {

  /**
   * Retires objects from each thread, until all have been reclaimed.
   *
   * @param shared the policy
   * @param producer the objects
   * @param backlog the counter of outstanding objects
   */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  public void flood(SharedPolicy shared, Producer producer, PeakBacklog backlog) {
    backlog.peak = producer.retireAll(shared.policy());
    shared.policy().barrier();
  }

  /**
   * Retires one object while nothing else happens, until it has been reclaimed.
   *
   * @param shared the policy
   * @param single the object
   */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public void lone(SharedPolicy shared, Single single) {
    shared.policy().retire(single.action);
    single.await();
  }

  /** One object at a time. */
  @State(Scope.Thread)
  public static class Single {

    private static final long SPACING_NANOS = 100_000;

    private final ReclaimAction action = () -> reclaimed = true;
    private volatile boolean reclaimed;

    /** Lets the reclaiming thread fall idle. */
    @Setup(Level.Invocation)
    public void pause() {
      reclaimed = false;
      LockSupport.parkNanos(SPACING_NANOS);
    }

    private void await() {
      while (!reclaimed) {
        Thread.onSpinWait();
      }
    }
  }
}
