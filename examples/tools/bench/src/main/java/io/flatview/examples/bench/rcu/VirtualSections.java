package io.flatview.examples.bench.rcu;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ThreadConfined;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Sections of virtual threads under a policy. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VirtualSections {

  /** Whether the threads register, or look their reader up for each section. */
  @Param("true")
  public boolean explicit;

  /**
   * Gathers the threads.
   *
   * @param shared the policy
   * @param crowd the threads
   * @throws InterruptedException if interrupted
   */
  @Setup(Level.Invocation)
  public void gather(SharedPolicy shared, Crowd crowd) throws InterruptedException {
    ReclaimPolicy policy = shared.policy();
    crowd.gather(() -> explicit ? new Registered(shared, policy.register("virtual")) : new Guest(shared));
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

  private static int read(SharedPolicy shared, Reader reader, boolean yields) {
    return yields ? readAndYield(shared, reader) : shared.read(reader);
  }

  private static int readAndYield(SharedPolicy shared, Reader reader) {
    try (ReadSection _ = reader.enter()) {
      Thread.yield();
      return shared.readUnprotected();
    }
  }

  @ThreadConfined
  private record Registered(SharedPolicy shared, Reader reader) implements Crowd.Visitor {

    @Override
    public int visit(boolean yields) {
      return read(shared, reader, yields);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private record Guest(SharedPolicy shared) implements Crowd.Visitor {

    @Override
    public int visit(boolean yields) {
      return read(shared, shared.policy().currentReader(), yields);
    }
  }
}
