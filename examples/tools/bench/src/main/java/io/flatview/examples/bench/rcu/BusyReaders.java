package io.flatview.examples.bench.rcu;

import io.flatview.rcu.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Threads that enter one section after the other without a pause. */
@State(Scope.Benchmark)
public class BusyReaders {

  private static final int SECTIONS_PER_ANNOUNCEMENT = 64;

  /** How many. */
  @Param("0")
  public int readers;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;
  private volatile int sink;

  /**
   * Starts them.
   *
   * @param shared the policy whose object they read
   * @throws InterruptedException if interrupted
   */
  @Setup
  public void start(SharedPolicy shared) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(readers);
    stopped = false;
    for (int i = 0; i < readers; i++) {
      threads.add(Thread.ofPlatform().daemon().name("busy-reader-" + i).start(() -> run(shared, running)));
    }
    running.await();
  }

  /**
   * Stops them.
   *
   * @throws InterruptedException if interrupted
   */
  @TearDown
  public void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  private void run(SharedPolicy shared, CountDownLatch running) {
    try (Reader reader = shared.policy().register(Thread.currentThread().getName())) {
      running.countDown();
      while (!stopped) {
        sink = readSome(shared, reader);
        reader.quiescent();
      }
    }
  }

  private static int readSome(SharedPolicy shared, Reader reader) {
    int sum = 0;
    for (int i = 0; i < SECTIONS_PER_ANNOUNCEMENT; i++) {
      sum += shared.read(reader);
    }
    return sum;
  }
}
