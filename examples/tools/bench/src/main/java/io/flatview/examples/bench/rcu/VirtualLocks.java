package io.flatview.examples.bench.rcu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same sections under a read lock. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VirtualLocks {

  private final Lock lock = new ReentrantReadWriteLock().readLock();
  private volatile Item item = new Item(42);

  /**
   * Gathers the threads.
   *
   * @param crowd the threads
   * @throws InterruptedException if interrupted
   */
  @Setup(Level.Invocation)
  public void gather(Crowd crowd) throws InterruptedException {
    crowd.gather(() -> this::read);
  }

  /**
   * Lets them read.
   *
   * @param crowd the threads
   * @throws InterruptedException if interrupted
   */
  @Benchmark
  public void sections(Crowd crowd) throws InterruptedException {
    crowd.run();
  }

  private int read(boolean yields) {
    lock.lock();
    try {
      if (yields) {
        Thread.yield();
      }
      return item.value();
    } finally {
      lock.unlock();
    }
  }
}
