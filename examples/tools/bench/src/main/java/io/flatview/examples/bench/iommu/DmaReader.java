package io.flatview.examples.bench.iommu;

import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A reader for each thread. */
@State(Scope.Thread)
@ThreadConfined
public class DmaReader {

  MapReader reader;

  /**
   * Registers in the thread that reads.
   *
   * @param machine the machine that is read
   */
  @Setup
  public void register(IommuMachine machine) {
    reader = machine.newReader();
  }

  /** Leaves. */
  @TearDown
  public void leave() {
    reader.close();
  }
}
