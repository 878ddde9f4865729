package io.flatview.examples.bench.rcu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The same read with no protection, and with what else there is in the JDK. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReadBaselines {

  private final StampedLock stamped = new StampedLock();
  private final Lock lock = new ReentrantReadWriteLock().readLock();
  private final AtomicLong count = new AtomicLong();
  private final AtomicReference<Item> reference = new AtomicReference<>(new Item(42));
  private final Holder holder = new Holder();

  /**
   * The unit of the ratios.
   *
   * @return what was read
   */
  @Benchmark
  public int volatileRead() {
    return holder.item.value();
  }

  /**
   * The cost of following a pointer, with no section around it.
   *
   * @return what was read
   */
  @Benchmark
  public int acquireRead() {
    return reference.getAcquire().value();
  }

  /**
   * Protects what is read from change, not from being freed.
   *
   * @return what was read
   */
  @Benchmark
  public int stampedOptimistic() {
    long stamp = stamped.tryOptimisticRead();
    int value = holder.item.value();
    return stamped.validate(stamp) ? value : stampedRead();
  }

  /**
   * A read lock that is not reentrant.
   *
   * @return what was read
   */
  @Benchmark
  public int stampedRead() {
    long stamp = stamped.readLock();
    try {
      return holder.item.value();
    } finally {
      stamped.unlockRead(stamp);
    }
  }

  /**
   * The usual read lock.
   *
   * @return what was read
   */
  @Benchmark
  public int readWriteLock() {
    lock.lock();
    try {
      return holder.item.value();
    } finally {
      lock.unlock();
    }
  }

  /**
   * One count of readers that all share.
   *
   * @return what was read
   */
  @Benchmark
  public int sharedCount() {
    count.getAndIncrement();
    try {
      return holder.item.value();
    } finally {
      count.getAndDecrement();
    }
  }

  /** As far away as what a reference of this project holds. */
  private static final class Holder {

    private volatile Item item = new Item(42);
  }
}
