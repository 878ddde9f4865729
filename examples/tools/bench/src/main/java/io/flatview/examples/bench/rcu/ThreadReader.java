package io.flatview.examples.bench.rcu;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ThreadConfined;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An explicit reader of each thread. */
@State(Scope.Thread)
@ThreadConfined
public class ThreadReader {

  private Reader reader;

  /**
   * Registers the calling thread.
   *
   * @param shared the policy to register with
   */
  @Setup
  public void register(SharedPolicy shared) {
    reader = shared.policy().register("benchmark");
  }

  /** Closes the reader. */
  @TearDown
  public void close() {
    reader.close();
  }

  Reader reader() {
    return reader;
  }
}
