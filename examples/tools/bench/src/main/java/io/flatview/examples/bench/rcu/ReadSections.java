package io.flatview.examples.bench.rcu;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ThreadConfined;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole read-side section: enter, dereference, leave.
 *
 * <p>All that a benchmark touches is in the one state, as it is for the plain reads beside it: each further one takes
 * registers of the measuring loop, and with two of them its counter lived on the stack, which alone takes a nanosecond.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@ThreadConfined
public class ReadSections {

  private ReclaimPolicy policy;
  private RcuReference<Item> reference;
  private Reader reader;

  /**
   * Registers the calling thread.
   *
   * @param shared the policy to register with
   */
  @Setup
  public void register(SharedPolicy shared) {
    policy = shared.policy();
    reference = shared.reference();
    reader = policy.register("benchmark");
  }

  /** Closes the reader. */
  @TearDown
  public void close() {
    reader.close();
  }

  /**
   * A reference outside any section: the rest of the checks when checked mode is off.
   *
   * @return what was read
   */
  @Benchmark
  public int unprotected() {
    return reference.dereference().value();
  }

  /**
   * A reader that the code carries with it.
   *
   * @return what was read
   */
  @Benchmark
  public int explicit() {
    return SharedPolicy.read(reference, reader);
  }

  /**
   * A reader that is looked up for each section.
   *
   * @return what was read
   */
  @Benchmark
  public int implicit() {
    return SharedPolicy.read(reference, policy.currentReader());
  }

  /**
   * A section and the announcement of a quiescent state.
   *
   * @return what was read
   */
  @Benchmark
  public int announced() {
    Reader own = reader;
    int value = SharedPolicy.read(reference, own);
    own.quiescent();
    return value;
  }
}
