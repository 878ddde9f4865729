package io.flatview.examples.bench.rcu;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A virtual thread for each request, which reads eight times and ends. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShortThreads {

  private static final int THREADS = 2_000;
  private static final int AT_ONCE = 200;
  private static final int READS = 8;

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final LongAdder sink = new LongAdder();
  private final AtomicLong count = new AtomicLong();
  private final Item item = new Item(42);

  private long run(IntSupplier request) {
    for (int i = 0; i < THREADS; i++) {
      places.acquireUninterruptibly();
      Thread.ofVirtual().start(() -> {
        try {
          sink.add(request.getAsInt());
        } finally {
          places.release();
        }
      });
    }
    places.acquireUninterruptibly(AT_ONCE);
    places.release(AT_ONCE);
    return sink.sum();
  }

  /**
   * Each read is counted in and out.
   *
   * @return what was read
   */
  @Benchmark
  @OperationsPerInvocation(THREADS)
  public long counted() {
    return run(() -> {
      int sum = 0;
      for (int i = 0; i < READS; i++) {
        count.getAndIncrement();
        sum += item.value();
        count.getAndDecrement();
      }
      return sum;
    });
  }

  /**
   * The thread registers a reader and closes it.
   *
   * @param shared the policy
   * @return what was read
   */
  @Benchmark
  @OperationsPerInvocation(THREADS)
  public long registered(SharedPolicy shared) {
    ReclaimPolicy policy = shared.policy();
    return run(() -> {
      try (Reader reader = policy.register("request")) {
        return read(shared, reader);
      }
    });
  }

  /**
   * The thread's own reader.
   *
   * @param shared the policy
   * @return what was read
   */
  @Benchmark
  @OperationsPerInvocation(THREADS)
  public long implicit(SharedPolicy shared) {
    return run(() -> read(shared, shared.policy().currentReader()));
  }

  private static int read(SharedPolicy shared, Reader reader) {
    int sum = 0;
    for (int i = 0; i < READS; i++) {
      sum += shared.read(reader);
    }
    return sum;
  }
}
