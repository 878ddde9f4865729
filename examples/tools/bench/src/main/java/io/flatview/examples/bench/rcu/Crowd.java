package io.flatview.examples.bench.rcu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Ten thousand virtual threads that wait behind a gate, then run rounds of sections. */
@State(Scope.Benchmark)
public class Crowd {

  /** How many virtual threads. */
  public static final int THREADS = 10_000;

  /** How many sections a thread runs between two yields. */
  public static final int SECTIONS_PER_ROUND = 16;

  /** How many rounds each thread runs. */
  @Param("10")
  public int rounds;

  /** Whether the yield falls into a section, rather than between two. */
  @Param("false")
  public boolean yieldInside;

  private final LongAdder sink = new LongAdder();
  private CountDownLatch gate;
  private CountDownLatch done;

  /** How a thread reads. */
  interface Visitor extends AutoCloseable {

    /** Runs a section, with a yield inside or not. */
    int visit(boolean yields);

    @Override
    default void close() {}
  }

  /** Makes a thread's visitor, in that thread. */
  @FunctionalInterface
  interface Admission {
    Visitor admit();
  }

  /** Starts the threads and returns when all are at the gate. */
  void gather(Admission admission) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(THREADS);
    gate = new CountDownLatch(1);
    done = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      Thread.ofVirtual().start(() -> attend(admission, ready));
    }
    ready.await();
  }

  /** Opens the gate and returns when all have run. */
  void run() throws InterruptedException {
    gate.countDown();
    done.await();
  }

  private void attend(Admission admission, CountDownLatch ready) {
    try (Visitor visitor = admission.admit()) {
      ready.countDown();
      gate.await();
      sink.add(rounds(visitor));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private long rounds(Visitor visitor) {
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      sum += visitor.visit(yieldInside) + quickly(visitor);
      if (!yieldInside) {
        Thread.yield();
      }
    }
    return sum;
  }

  private static int quickly(Visitor visitor) {
    int sum = 0;
    for (int i = 1; i < SECTIONS_PER_ROUND; i++) {
      sum += visitor.visit(false);
    }
    return sum;
  }
}
